"""Which release made a data directory: its files say so, so that a later one can tell.

From 0.2.0 on every release brings the data of those before it along. 0.1 left no file.
"""

import os
import re
import tomllib
from pathlib import Path

from launcher.errors import Refused
from launcher.options import ROOT

MADE_BY = ".made-by"
BEGUN = ".made-by.new"
OLDEST_KEPT = (0, 2)
RESET = "`make reset` deletes it, and the next `make up` begins from nothing."
VERSION = re.compile(r"(\d{1,6})\.(\d{1,6})(\.\d{1,6})?\s*", re.ASCII)


def this_release() -> str:
    """As pyproject.toml has it, which is the one place."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return str(project["version"])


def refuse_older(data_dir: Path, *, empty: frozenset[str]) -> None:
    """Raise Refused on data that this release cannot read; nothing is changed.

    A directory that holds no more than the names in `empty` has no data yet.
    """
    if all(entry.name in {*empty, MADE_BY, BEGUN} for entry in data_dir.iterdir()):
        return
    if (made_by := _made_by(data_dir)) is None or made_by < OLDEST_KEPT:
        msg = f"{data_dir} holds data of release 0.1, which {this_release()} cannot read: "
        raise Refused(msg + RESET)


def sign(data_dir: Path) -> None:
    """Write down that this release made the directory, unless that is written already.

    A crash or a full disk leaves no half of it.
    """
    if _made_by(data_dir):
        return
    fresh = data_dir / BEGUN
    with fresh.open("w") as file:
        file.write(f"{this_release()}\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(data_dir / MADE_BY)


def _made_by(data_dir: Path) -> tuple[int, int] | None:
    """The first two numbers of its release. None: of 0.1, or what is written is no release."""
    path = data_dir / MADE_BY
    said = path.read_text(errors="replace") if path.is_file() else ""
    found = VERSION.fullmatch(said)
    return (int(found[1]), int(found[2])) if found else None
