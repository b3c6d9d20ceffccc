"""A WebVTT file, looked at before it is kept.

Browsers leave out what they cannot read of one and say nothing. So it is read here as strictly as
the standard has its authors write it (W3C, WebVTT, 4), and what does not fit is said with its line.
The parsers that are to be had read as browsers do, and know no lines.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from shop.captions.cues import Block, Cue, check_words, cue_of
from shop.captions.errors import NotCaptions

# Bytes: an hour of talk has 60,000.
MOST_BYTES = 500_000
LINE_END = re.compile(r"\r\n|\n|\r")
HEAD = re.compile(r"WEBVTT(?:[ \t].*)?")
# What may stand between the cues, and what only before the first.
REMARK, BEFORE = re.compile(r"NOTE(?:[ \t].*)?"), re.compile(r"(?:STYLE|REGION)[ \t]*")

TOO_LARGE = "It has more than 500 kB."
NOT_UTF8 = "This is no text in UTF-8. Save the file as UTF-8."
NOT_WEBVTT = "A WebVTT file begins with the word WEBVTT, and then an empty line."
NO_CUES = "There are no words in this file."
EARLIER = "It begins before the one above it."
TOO_LATE = "It begins after the end of the film."


def read_captions(content: bytes, *, seconds: float | None) -> str:
    """What is kept: the same words, with one kind of line end. NotCaptions, with a sentence.

    `seconds` is how long the film is; None where that is not known yet.
    """
    if len(content) > MOST_BYTES:
        raise NotCaptions(TOO_LARGE)
    lines = LINE_END.split(_text(content))
    head, *blocks = _blocks(lines)
    if not HEAD.fullmatch(head.lines[0]):
        raise NotCaptions(NOT_WEBVTT, 1)
    check_words(2, head.lines[1:])
    cues = list(_cues(blocks))
    if not cues:
        raise NotCaptions(NO_CUES)
    _check_order(cues, seconds)
    return "\n".join(lines).rstrip("\n") + "\n"


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode()
        raise NotCaptions(NOT_UTF8, _line(before)) from error
    if "\0" in text:  # UTF-16, of letters that are in ASCII; and no column of ours takes it
        raise NotCaptions(NOT_UTF8, _line(text.partition("\0")[0]))
    return text


def _line(before: str) -> int:
    return len(LINE_END.findall(before)) + 1


def _blocks(lines: Sequence[str]) -> Iterator[Block]:
    """The head, with which a file begins whatever it is, and all that follow."""
    found: list[str] = []
    for number, line in enumerate([*lines, ""], 1):
        if line or number == 1:
            found.append(line)
        elif found:
            yield Block(number - len(found), tuple(found))
            found = []


def _cues(blocks: Sequence[Block]) -> Iterator[Cue]:
    is_before = True
    for block in blocks:
        first = block.lines[0]
        if REMARK.fullmatch(first) or (is_before and BEFORE.fullmatch(first)):
            check_words(block.number, block.lines)
        else:
            is_before = False
            yield cue_of(block)


def _check_order(cues: Sequence[Cue], seconds: float | None) -> None:
    for earlier, cue in pairwise([cues[0], *cues]):
        if cue.begins < earlier.begins:
            raise NotCaptions(EARLIER, cue.number)
        if seconds is not None and cue.begins >= seconds:
            raise NotCaptions(TOO_LATE, cue.number)
