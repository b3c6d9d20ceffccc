"""A cue: when words are shown, where, and which."""

import re
from dataclasses import dataclass

from shop.captions.errors import NotCaptions

AT = r"(?:(\d{2,4}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
TIMES = re.compile(rf"{AT}[ \t]+-->[ \t]+{AT}((?:[ \t]+\S+)*)[ \t]*", re.ASCII)
ARROW = "-->"
PERCENT = r"(?:100(?:\.0+)?|\d{1,2}(?:\.\d+)?)%"
SETTING = re.compile(
    r"vertical:(?:rl|lr)|align:(?:start|center|end|left|right)|region:\S+"
    rf"|line:(?:-?\d+|{PERCENT})(?:,(?:start|center|end))?"
    rf"|position:{PERCENT}(?:,(?:line-left|center|line-right))?|size:{PERCENT}",
    re.ASCII,
)
NO_TIMES = "Times are expected, as 00:01.000 --> 00:04.000."
SUBRIP = (
    "Times have a point before the thousandths, not a comma: this is SubRip. Save it as WebVTT."
)
BACKWARDS = "It ends before it begins."
NOWHERE = "says nothing of where words stand."
NO_WORDS = "There are no words below these times."
ARROW_IN_WORDS = "An arrow --> stands among words. Is an empty line missing above it?"


@dataclass(frozen=True, slots=True)
class Block:
    """Lines without an empty one between them. `number` is that of the first, from 1."""

    number: int
    lines: tuple[str, ...]

    @property
    def last(self) -> int:
        """The number of its last line."""
        return self.number + len(self.lines) - 1


@dataclass(frozen=True, slots=True)
class Cue:
    """The line of its times, and the second at which it begins."""

    number: int
    begins: float


def cue_of(block: Block) -> Cue:
    """It may have a name above its times. NotCaptions."""
    above = 0 if ARROW in block.lines[0] else 1
    number = min(block.number + above, block.last)
    begins, where = _times(block.lines[number - block.number], number)
    _check_where(where, number)
    words = block.lines[above + 1 :]
    if not words:
        raise NotCaptions(NO_WORDS, number)
    check_words(number + 1, words)
    return Cue(number, begins)


def check_words(first: int, lines: tuple[str, ...]) -> None:
    """Whatever they are, they are no times. NotCaptions."""
    for number, line in enumerate(lines, first):
        if ARROW in line:
            raise NotCaptions(ARROW_IN_WORDS, number)


def _times(line: str, number: int) -> tuple[float, str]:
    """When it begins, and what is said of where it stands."""
    found = TIMES.fullmatch(line)
    if not found:
        is_subrip = ARROW in line and "," in line.partition(ARROW)[0]
        raise NotCaptions(SUBRIP if is_subrip else NO_TIMES, number)
    begins, ends = _second(*found.groups()[:4]), _second(*found.groups()[4:8])
    if ends <= begins:
        raise NotCaptions(BACKWARDS, number)
    return begins, found[9]


def _check_where(said: str, number: int) -> None:
    for setting in said.split():
        if not SETTING.fullmatch(setting):
            msg = f"{setting[:40]} {NOWHERE}"
            raise NotCaptions(msg, number)


def _second(hours: str | None, minutes: str, seconds: str, thousandths: str) -> float:
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + int(thousandths) / 1000
