"""How much a ZIP lists, asked of its end before Python's reader makes an object of each entry.

Its end is found as `zipfile` finds it: wherever the signature stands in the last 64 kB.
"""

import os
import re
import struct
from typing import IO

from shop.imports.errors import PicturesNotReadable

END = re.compile(rb"(?=PK\x05\x06)")
# Before the end of a ZIP of more than 4 GB or 65,535 files: what it says counts instead of the end.
LARGER = b"PK\x06\x07"
# Bytes of the end itself, of the longest remark behind it, of what stands before a larger one.
LENGTH, REMARK, BEFORE = 22, 65_535, 20
MOST_FILES = 20_000
# Bytes of the list: some 200 for each. The shortest entries it has room for take 50 MB when read.
MOST_LISTED = MOST_FILES * 200
NO_ZIP = "The file of pictures is no ZIP, or it is damaged. Make it anew."
TOO_MANY = f"The ZIP has more than {MOST_FILES:,} files. Divide it."


def check_directory(file: IO[bytes]) -> None:
    """PicturesNotReadable for what is no ZIP, and for one that lists more than is listed here."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - LENGTH - REMARK - BEFORE))
    tail = file.read()
    ends = [found.start() for found in END.finditer(tail) if found.start() + LENGTH <= len(tail)]
    if not ends:
        raise PicturesNotReadable(NO_ZIP)
    for at in ends:
        count, listed = struct.unpack_from("<HL", tail, at + 10)
        is_larger = tail[max(0, at - BEFORE) : at].startswith(LARGER)
        if is_larger or count > MOST_FILES or listed > MOST_LISTED:
            raise PicturesNotReadable(TOO_MANY)
    file.seek(0)
