"""Mutants keep up with the source, and survivors are not overlooked."""

from pathlib import Path

import pytest

from tests.proofs.mutants import __main__ as mutants
from tests.proofs.mutants.catalogue import MUTANTS, named_tests
from tests.proofs.mutants.copying import changed
from tests.proofs.mutants.judging import NotATest, judge
from tests.proofs.mutants.mutant import Change, DoesNotApply, Mutant
from tests.rig.surroundings import ROOT

PASSES = "def test_it() -> None:\n    assert 1 == 1\n"


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_still_applies_to_the_source(mutant: Mutant) -> None:
    for change in mutant.changes:
        assert change.applied(ROOT) != (ROOT / change.file).read_text()


def test_the_tests_that_mutants_name_exist() -> None:
    for name in named_tests(MUTANTS):
        path, _, function = name.partition("::")
        assert function.partition("[")[0] in (ROOT / path).read_text()


@pytest.fixture(autouse=True)
def _without_django(monkeypatch: pytest.MonkeyPatch) -> None:
    """A repository of one test has no settings."""
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE")


def a_copy(folder: Path, source: str = PASSES) -> Path:
    """A repository of one test."""
    (folder / "test_it.py").write_text(source)
    return folder


def a_mutant(old: str, new: str) -> Mutant:
    change = Change("test_it.py", old, new)
    return Mutant(name="m", off="it", changes=(change,), tests=("test_it.py",))


@pytest.mark.parametrize(
    ("old", "new", "killed"),
    [
        ("1 == 1", "1 == 2", "test_it::test_it"),
        ("1 == 1", "2 == 2", ""),
        ("is not there", "", ""),
        ("def test_it", "import nothing_like_it\n\ndef test_it", ""),
    ],
    ids=["killed", "survives", "does not apply", "is no test failure"],
)
@pytest.mark.usefixtures("starts_processes")
def test_only_a_test_that_fails_kills(tmp_path: Path, old: str, new: str, killed: str) -> None:
    row = mutants.tried(a_copy(tmp_path), a_mutant(old, new))

    assert row[1] == killed
    assert mutants.told([row]) == (0 if killed else 1)
    assert (tmp_path / "test_it.py").read_text() == PASSES


@pytest.mark.usefixtures("starts_processes")
def test_what_cannot_start_is_not_red(tmp_path: Path) -> None:
    with pytest.raises(NotATest):
        judge(a_copy(tmp_path, "import nothing_like_it\n"), ("test_it.py",))


def test_a_change_that_does_not_apply_changes_nothing(tmp_path: Path) -> None:
    fits, does_not = Change("test_it.py", "1 == 1", "1 == 2"), Change("test_it.py", "x", "y")

    with pytest.raises(DoesNotApply), changed(a_copy(tmp_path), (fits, does_not)):
        pass

    assert (tmp_path / "test_it.py").read_text() == PASSES
