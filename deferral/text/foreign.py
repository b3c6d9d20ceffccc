"""Text that somebody else wrote, before it is kept or shown: the one place where it is made fit.

External services' answers, customers' names and staff's words all pass here on their way into a
row. Not for what must arrive as it came: a body that is signed, a file.
"""

import unicodedata

# Of a text, so much is looked at for every letter that is kept: nobody waits for a megabyte.
LOOKED_AT = 4
# Scripts and pictures are made with these two.
JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"
KEPT = "\n\t" + JOINERS
# No database takes them, or a terminal obeys them: controls and halves of surrogate pairs.
UNFIT = {"Cc", "Cs"}
# They turn a line round, or stand where nobody sees them: format characters, line separators.
UNSEEN = {"Cf", "Zl", "Zp"}
RETURN = "\r"


def harmless(text: str) -> str:
    """The text with what no database takes replaced, and what nobody can see left out.

    Lines and tabs stay: it may be a traceback.
    """
    if text.isprintable():
        return text
    return "".join(map(_letter, text))


def one_line(value: object, most: int) -> str:
    """A single line of at most `most` letters, whatever the value is; empty for what is no text."""
    if not isinstance(value, str):
        return ""
    words = " ".join(value[: most * LOOKED_AT].split())
    line = harmless(words).strip()
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _letter(letter: str) -> str:
    if letter in KEPT:
        return letter
    kind = unicodedata.category(letter)
    if kind in UNSEEN or letter == RETURN:
        return ""
    return "\N{REPLACEMENT CHARACTER}" if kind in UNFIT else letter
