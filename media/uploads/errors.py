"""Why a part, or a whole upload, is not taken. The words are for whoever sends it."""

from typing import ClassVar


class UploadRefused(Exception):
    """It was not taken."""

    status: ClassVar[int] = 400

    def __init__(self, said: str = "") -> None:
        super().__init__(said or " ".join((self.__doc__ or "").split()))


class Nonsense(UploadRefused):
    """This request cannot be understood."""


class NotYours(UploadRefused):
    """You may not send anything here. Open the page anew, and sign in."""

    status = 403


class AnotherOffset(UploadRefused):
    """Another part is expected here."""

    status = 409


class Over(UploadRefused):
    """This upload is over."""

    status = 410


class TooLarge(UploadRefused):
    """It is larger than it may be."""

    status = 413


class NotTaken(UploadRefused):
    """It is no file of those that are taken here."""

    status = 415


class AnotherWasBegun(UploadRefused):
    """Another file of this name and size was begun here."""

    status = 422


class AnotherFile(UploadRefused):
    """This is not what was sent before: the file has changed, or arrived damaged."""

    status = 422


class TooManyUnfinished(UploadRefused):
    """You have as many unfinished uploads as you may have. Finish or discard one of them first."""

    status = 429


class TooManyToday(UploadRefused):
    """You have sent as many as you may in one day. Send it tomorrow."""

    status = 429


class TooMuchWork(UploadRefused):
    """We have too much to do to take it now. Send it again a little later."""

    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


class NoSpace(UploadRefused):
    """There is no space for this file at the moment. What has arrived is kept: try again later."""

    status = 507


class SubjectGone(Exception):
    """What it was for is not there any more. Raised by a purpose that attaches it."""

    def __init__(self, said: str = "") -> None:
        super().__init__(said or "What it was for is not there any more.")
