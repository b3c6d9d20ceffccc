"""From bytes to text. Each guess is told to the person, who sees it before anything is changed."""

import re

from shop.imports.errors import NotReadable

MARK = b"\xef\xbb\xbf"
WIDE = (b"\xff\xfe", b"\xfe\xff")
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
# Two bytes or more that are one letter in UTF-8. As Windows-1252 most of them are in no word; `ß“`
# and `É»` are.
SEVERAL_BYTES = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
SAVE_AGAIN = "Save it again as “CSV UTF-8”."


def decoded(content: bytes) -> tuple[str, str]:
    """The text, and what it was read as. NotReadable with a sentence."""
    if not content.strip():
        raise NotReadable("The file is empty.")
    if content.startswith(WORKBOOKS):
        msg = f"This is a workbook and no CSV file. {SAVE_AGAIN}"
        raise NotReadable(msg)
    text, name = _decoded(content)
    if "\0" in text:
        msg = f"Line {_line(text, text.index(chr(0)))} holds a NUL: this is no text. {SAVE_AGAIN}"
        raise NotReadable(msg)
    return text, name


def _decoded(content: bytes) -> tuple[str, str]:
    if content.startswith(WIDE):
        return _or_refuse(content, "utf-16"), "UTF-16"
    try:
        return content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError as error:
        if content.startswith(MARK) or _is_mixed(content):
            line = content.count(b"\n", 0, error.start) + 1
            msg = f"Line {line} is not UTF-8, and the rest of the file is. {SAVE_AGAIN}"
            raise NotReadable(msg) from error
    return _or_refuse(content, "cp1252"), "Windows-1252"


def _is_mixed(content: bytes) -> bool:
    """Whether a part of it is UTF-8: a letter that Windows-1252 has too, or most of what there is.

    One that is taken for Windows-1252 brings two letters for each of its own into the shop.
    """
    found = SEVERAL_BYTES.findall(content)
    rest = SEVERAL_BYTES.sub(b"", content).translate(None, bytes(range(0x80)))
    return any(map(_is_usual, set(found))) or len(found) > len(rest)


def _is_usual(sign: bytes) -> bool:
    try:
        sign.decode().encode("cp1252")
    except UnicodeError:
        return False
    return True


def _or_refuse(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        msg = f"Line {line} is neither UTF-8 nor Windows-1252. {SAVE_AGAIN}"
        raise NotReadable(msg) from error


def _line(text: str, place: int) -> int:
    return len(re.findall(r"\r\n|\r|\n", text[:place])) + 1
