"""A copy of the repository for one mutant at a time. The working tree is never touched."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.proofs.mutants.mutant import Change

TRACKED = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")


def copy_repository(root: Path, target: Path) -> None:
    """Every file that git knows or would add, as it is now."""
    names = subprocess.check_output(TRACKED, cwd=root, text=True)  # noqa: S603  git
    for name in filter(None, names.split("\0")):
        if (root / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, target / name)


@contextmanager
def changed(root: Path, changes: tuple[Change, ...]) -> Iterator[None]:
    """The changes are made until the block ends. DoesNotApply, and nothing is changed."""
    before = {change.file: (root / change.file).read_text() for change in changes}
    try:
        for change in changes:
            (root / change.file).write_text(change.applied(root))
        yield
    finally:
        for file, text in before.items():
            (root / file).write_text(text)
