"""Whatever file, setting, make target or command a page names is there; so is what it links to."""

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import global_settings
from django.core.management import get_commands

from tests.proofs.mutants.copying import TRACKED

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
# In backticks: what has a suffix of ours, or ends as a folder does.
FILE = re.compile(
    r"`([\w./-]+\.(?:py|md|yml|toml|txt|css|html|js|typ|env|json|sql|env\.example)|(?:[\w.-]+/)+)`"
)
SETTING = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b")
TARGET = re.compile(r"(?:`|^    |&& |[A-Z]=\S+ )make ([a-z][a-z-]*)", re.MULTILINE)
COMMAND = re.compile(r"(?:manage\.py |make manage ARGS=\"?)([a-z_]+)")
# Folders that are made, with how.
ELSEWHERE = {
    "deploy/secrets/": "made by deploy/make_secrets.py",
    "loyalty/": "made by whoever follows add-a-reaction.md",
}


@cache
def tracked() -> tuple[str, ...]:
    names = subprocess.check_output(TRACKED, cwd=ROOT, text=True).split("\0")  # noqa: S603  git
    return tuple(name for name in names if (ROOT / name).is_file())


@cache
def code() -> frozenset[str]:
    """Every name in capitals that stands in a file that is no page, or is Django's."""
    texts = ((ROOT / name).read_text(errors="replace") for name in tracked() if name[-3:] != ".md")
    ours = (name for text in texts for name in SETTING.findall(text))
    return frozenset([*ours, *dir(global_settings)])


@cache
def targets() -> frozenset[str]:
    return frozenset(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def gone(text: str, *, at: Path) -> Iterator[str]:
    """Each name in the text that leads nowhere."""
    yield from (link for link in LINK.findall(text) if not (at / link).exists())
    yield from (file for file in FILE.findall(text) if not is_there(file))
    yield from set(SETTING.findall(text)) - code()
    yield from set(TARGET.findall(text)) - targets()
    yield from set(COMMAND.findall(text)) - set(get_commands())


def is_there(file: str) -> bool:
    """Whole, or the end of a path: `loop.py`, `relay/loop.py`; a folder may lack what is in it."""
    inside = "APP/" in file or file in ELSEWHERE
    return inside or any(f"/{file}" in f"/{name}" for name in tracked()) or (ROOT / file).exists()


@pytest.mark.parametrize("file", PAGES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_page_names_nothing_that_is_gone(file: Path) -> None:
    assert sorted(gone(file.read_text(), at=file.parent)) == []


@pytest.mark.parametrize(
    "misspelt",
    [
        "[see](docs/settngs.md)",
        "`config/setings.py`",
        "`lop.py`",
        "`deferal/`",
        "set `DATABASE_" + "URI`",  # in two: this file is code, too
        "`make chek`",
        "    make chek ARGS=-x",
        'make manage ARGS="docter"',
        "manage.py reseel",
    ],
)
def test_a_misspelt_name_is_found(misspelt: str) -> None:
    assert len(list(gone(misspelt, at=ROOT))) == 1


def test_names_that_are_there_are_found() -> None:
    well = (
        "`loop.py` `deferral/relay/` `DATABASE_URL` `make check` manage.py doctor [x](README.md#y)"
    )

    assert list(gone(well, at=ROOT)) == []
