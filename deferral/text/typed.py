"""What a person types, made one: the same words are the same letters, and all of it can be seen.

Forms keep text as NFC with plain spaces, without marks that nobody sees; searches ask for it so.
Not for passwords, nor for what programs send.
"""

import unicodedata
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator

from deferral.text.composing import composed

# They join letters of Persian and Hindi, and parts of one emoji.
JOINERS = frozenset("\u200c\u200d")
# What turns the direction of everything after it, the page's own words included (Unicode UAX 9).
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Control characters, line and paragraph separators, halves of surrogate pairs.
UNREADABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})
# So many times as long as what is kept may be what is typed.
FAR = 10
# A page that has more is written to be scrolled past.
MOST_LINES = 60
# Letters and signs that are drawn as nothing: Hangul's fillers, Khmer's, and Braille's blank.
BLANK = frozenset("\u115f\u1160\u3164\uffa0\u17b4\u17b5\u2800")


def tidy(text: str) -> str:
    """NFC, plain spaces, no format characters but joiners, no more marks on a letter than any has.

    What is refused later stays.
    """
    shown = "".join(map(_plain, text))
    return composed(shown).strip()


def _plain(letter: str) -> str:
    match unicodedata.category(letter):
        case "Zs":
            return " "
        case "Cf" if letter not in JOINERS | TURNING:
            return ""
    return letter


def is_seen(text: str) -> bool:
    """Whether there is anything to be seen in it: a letter, a digit, a sign."""
    return any(
        unicodedata.category(letter)[0] not in "CZM" and letter not in BLANK for letter in text
    )


def readable(text: str) -> None:
    """ValidationError for what is only blanks, for control characters, for what turns text around.

    Line breaks and tabs are none.
    """
    if any(_is_forbidden(letter) for letter in text if letter not in "\r\n\t"):
        raise ValidationError("Please leave out control characters.")
    if not is_seen(text):
        raise ValidationError("Please write something that can be seen.")


def one_line(text: str) -> None:
    """ValidationError for a line break: a name has none, and it could end a mail's header."""
    if any(_is_forbidden(letter) for letter in text):
        raise ValidationError("Please leave out line breaks and control characters.")


def _is_forbidden(letter: str) -> bool:
    return letter in TURNING or unicodedata.category(letter) in UNREADABLE


class Text(forms.CharField):
    """Words of any number of lines."""

    default_validators: list[Callable[[Any], None]] = [readable]  # noqa: RUF012 - Django's

    def to_python(self, value: Any) -> Any:
        """Tidied before it is found to be too long: letters of several signs count once.

        ValidationError, and nothing else looks at it, where no tidying makes it short enough.
        """
        text = super().to_python(value)
        if self.max_length and len(text or "") > FAR * self.max_length:
            MaxLengthValidator(self.max_length)(text)
        return tidy(text) if isinstance(text, str) else text


class Words(Text):
    """Words of some lines. A line break is one letter, as a browser counts it.

    `most_lines`: so many at most; 0 is no limit but that of the letters.
    """

    def __init__(self, *, most_lines: int = MOST_LINES, **options: Any) -> None:
        super().__init__(**options)
        self.most_lines = most_lines

    def to_python(self, value: Any) -> Any:
        """ValidationError for a text that is all line breaks."""
        text = super().to_python(value)
        if isinstance(text, str):
            text = text.replace("\r\n", "\n").replace("\r", "\n")
            if self.most_lines and text.count("\n") >= self.most_lines:
                msg = f"At most {self.most_lines} lines, please."
                raise ValidationError(msg)
        return text


class Line(Text):
    """A name, a title: words of one line."""

    default_validators: list[Callable[[Any], None]] = [one_line, readable]  # noqa: RUF012 - Django's
