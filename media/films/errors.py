"""What can go wrong with a film. The docstring is what a person reads."""

import signal

from deferral.errors import Bury, Retry, Snooze

# Seconds from one look for ffmpeg to the next: somebody has to install it.
LOOK_AGAIN = 60.0


class NoFfmpeg(Snooze):
    """There is no ffmpeg: install the extra `media`, or Debian's package, or set FFMPEG."""

    def __init__(self, where: str = "") -> None:
        told = (self.__doc__ or "").strip()
        super().__init__(f"{where} {told}".strip(), cause=told, seconds=LOOK_AGAIN)


class ProgramFailed(Retry):
    """ffmpeg did not make what it was asked for.

    `code`: what it ended with, negative for a signal.
    """

    def __init__(self, program: str, code: int, words: str) -> None:
        self.code, self.words = code, words
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        last = (words.strip().splitlines() or ["it said nothing"])[-1][:300]
        super().__init__(f"{program} ended with {how}: {last}", cause=f"{program} fails")


class Stuck(Retry):
    """ffmpeg did not get on any more."""

    def __init__(self) -> None:
        super().__init__((self.__doc__ or "").strip())


class NotWhole(Retry):
    """What ffmpeg made, with exit code 0, is not the film that was wanted."""

    def __init__(self, found: str) -> None:
        told = (self.__doc__ or "").strip()
        super().__init__(f"{told} {found}", cause=told)


class FilmDeleted(Exception):
    """Somebody has deleted the film while it was being made: nothing more is made of it."""


class FilmLost(Bury):
    """The film, or what was known of it, is not there any more: send it again."""
