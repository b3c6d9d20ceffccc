"""What is known of a film, and how much of one is taken."""

from dataclasses import dataclass

from media.errors import NotAccepted
from media.limits import LONGEST

WIDEST = 4_096  # pixels of the longer side
# Of a picture, all in all: ffmpeg makes no room for a larger one, whatever the film says later.
MOST_PIXELS = 17_000_000
FASTEST = 60.0  # pictures a second
# A side has a few pixels more where a codec rounds up, a rate is 60.0024 where clocks differ.
ROOM = 1.02
# Of what its head promises so much must be there. Less came when an upload broke off.
WHOLE = 0.95
SMALLEST = 2  # pixels: no codec of ours takes less


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """Of a film, as ffmpeg read it to its end.

    `width` and `height` are those that are seen: turned, of square pixels. `seconds` are those that
    are there, `promised` what its head says, 0 where it says nothing. `rate` is the mean of
    pictures a second, whatever the head says. `depth`: bits of a sample.
    """

    codec: str
    width: int
    height: int
    seconds: float
    promised: float
    rate: float
    depth: int
    has_sound: bool


def check(facts: Facts, *, longest: float = LONGEST) -> None:
    """NotAccepted, with a sentence for whoever sent it. It may have `longest` seconds."""
    for is_wrong, sentence in (
        (facts.seconds > longest, f"The film is longer than {longest / 60:.0f} minutes."),
        (not is_whole(facts), _cut_short(facts)),
        (facts.seconds <= 0, "The film has one picture, and no length: send it as a picture."),
        (min(facts.width, facts.height) < SMALLEST, "The film's picture has no size."),
        (max(facts.width, facts.height) > WIDEST, _too_wide(facts)),
        (facts.rate > FASTEST * ROOM, _too_fast(facts)),
    ):
        if is_wrong:
            raise NotAccepted(sentence)


def is_whole(facts: Facts) -> bool:
    """Whether there is as much of it as its head promises; a second may be missing."""
    return facts.seconds >= facts.promised * WHOLE - 1


def _cut_short(facts: Facts) -> str:
    there, promised = clock(facts.seconds), clock(facts.promised)
    return f"The film ends after {there} of {promised}: the file is not whole. Send it again."


def _too_wide(facts: Facts) -> str:
    size = f"{facts.width} by {facts.height} pixels"
    return f"The film's picture has {size}. At most {WIDEST} by {WIDEST} are taken."


def _too_fast(facts: Facts) -> str:
    return f"The film has {facts.rate:.0f} pictures a second. At most {FASTEST:.0f} are taken."


def clock(seconds: float) -> str:
    """`1:07`."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
