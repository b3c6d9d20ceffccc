"""A second name for a file of the same disk, in the place of a second copy."""

import io
import os
from pathlib import Path
from typing import IO

from media.unfinished import is_of_ours


def named_again(source: IO[bytes] | None, path: Path) -> bool:
    """Give an open file the name `path` too; whether it has it now. Not a file on another disk, and
    nobody's of ours: whoever else has a file may go on writing it.

    It is young then, however long it was on its way: the sweep takes what is old and has no row.
    """
    if not isinstance(source, io.BufferedReader) or not is_of_ours(source.name):
        return False
    try:
        os.link(source.name, path)
    except OSError:
        return False
    if os.path.samestat(path.stat(), os.fstat(source.fileno())):
        os.utime(path)
        return True
    path.unlink()
    return False
