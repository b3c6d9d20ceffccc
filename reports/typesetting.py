"""Paper: templates and plain data become PDF, in this process, with our own fonts only.

What customers and product names contain reaches the template as JSON data and is never read as
markup. The same data and time give the same bytes on every machine.
"""

import json
import threading
import unicodedata
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, cast

import fontpkg_inter
import fontpkg_noto_sans_arabic
import structlog
import typst

log = structlog.get_logger()

TEMPLATES = Path(__file__).parent / "typst"
FONTS = [Path(package.ROOT) / "files" for package in (fontpkg_inter, fontpkg_noto_sans_arabic)]
# Overrides of the writing direction: in a name they only serve to make a line read wrongly.
DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


# So many small compilations later Typst's cache has let go of a large one.
SMALL = 12


class Unprintable(Exception):
    """The text cannot be set like this. There are humbler ways."""


class Press(threading.local):
    """A compiler for each thread: it may not be entered twice, and its fonts are read once."""

    def __init__(self) -> None:
        self.fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=FONTS
        )
        self.renew()

    def renew(self) -> None:
        """Take a new compiler."""
        self.compiler = typst.Compiler(root=TEMPLATES, font_paths=self.fonts)

    def forget(self) -> None:
        """What the last compilations left behind, which Typst keeps for ten more: 70 MB each."""
        for number in range(SMALL):
            self.compiler.compile(
                input=f"#set page(width: 1cm, height: 1cm)\n{number}".encode(), format="pdf"
            )

    def print(
        self,
        template: str,
        data: Any,
        *,
        at: datetime,
        standard: Literal["ua-1"] | None = None,
        tagged: bool = True,
    ) -> bytes:
        """One PDF. Unprintable when the text cannot be set as the standard demands."""
        try:
            pdf = self.compiler.compile(
                input=TEMPLATES / template,
                format="pdf",
                sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
                timestamp=at.replace(microsecond=0),  # PDF dates hold no more
                pdf_standards=standard or [],
                pdf_tags=tagged,
            )
        except typst.TypstError as error:
            raise Unprintable(str(error)[:200]) from error
        except BaseException as error:
            # Typst 0.15 panics over right-to-left text without glyphs that is broken into lines.
            # The class cannot be imported, and is no Exception: it would end the worker's child.
            if type(error).__name__ != "PanicException":
                raise
            self.renew()
            raise Unprintable(str(error)[:200]) from error
        return cast("bytes", pdf)  # a list for many images, None for a file: neither asked for


press = Press()


def typeset(template: str, data: dict[str, Any], *, at: datetime) -> bytes:
    """The PDF of `data`. Whatever text it holds, there is one.

    PDF/UA-1 where every character has a glyph. Otherwise a tagged PDF with empty boxes for what
    the fonts lack (emoji, Chinese), and if even that cannot be set, question marks.
    """
    clean = each_text(data, without_controls)
    try:
        return press.print(template, clean, at=at, standard="ua-1")
    except Unprintable as reason:
        log.info("not_set_as_pdf_ua", template=template, reason=str(reason))
    try:
        return press.print(template, clean, at=at, standard=None)
    except Unprintable as reason:
        log.warning("set_with_question_marks", template=template, reason=str(reason))
    return press.print(template, each_text(clean, western), at=at, standard="ua-1")


def set_table(template: str, data: dict[str, Any], *, at: datetime) -> bytes:
    """The PDF of many rows, without tags: those are 14 times the text. Whatever text it holds."""
    clean = each_text(data, without_controls)
    try:
        return press.print(template, clean, at=at, tagged=False)
    except Unprintable as reason:
        log.warning("set_with_question_marks", template=template, reason=str(reason))
        return press.print(template, each_text(clean, western), at=at, tagged=False)
    finally:
        press.forget()


def each_text(value: Any, change: Any) -> Any:
    """`value` with every string in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: each_text(part, change) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [each_text(part, change) for part in value]
    return value


def without_controls(text: str) -> str:
    """Control characters as spaces, half characters as question marks, no direction tricks."""
    if text.isprintable():  # then nothing below would change; drawings are long
        return text
    return "".join(map(printable, text))


def printable(character: str) -> str:
    """What one character becomes on paper."""
    if character in DIRECTION:
        return ""
    kind = unicodedata.category(character)
    return {"Cc": " ", "Zl": " ", "Zp": " ", "Cs": "?"}.get(kind, character)


def western(text: str) -> str:
    """Only what every Western font has."""
    return text.encode("cp1252", "replace").decode("cp1252")
