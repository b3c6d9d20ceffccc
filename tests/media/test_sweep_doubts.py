"""What people leave in storage does not stop the sweep, and stands behind what our jobs write."""

import pytest
from pytest_django.fixtures import Settings

from media import sweeping
from media.errors import TooManyUnneeded
from media.filing import file_away
from media.places import place
from tests.media.conftest import Write
from tests.media.test_sweeping import aged, orphan, sweep


def original(number: int) -> str:
    return file_away(b"%d" % number, key=f"asset:{number}", folder="originals", suffix=".jpg").name


def test_what_people_have_left_there_does_not_stop_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, write: Write
) -> None:
    monkeypatch.setattr(sweeping, "ROOM", 0)
    document, lost = write(), orphan()
    left = [lost, *map(original, range(5))]
    aged(settings)

    assert sweep()["files"] == len(left)
    assert not any(place("local").look(name) for name in left)
    assert document.read() == b"paper"


def test_another_shops_originals_are_not_deleted_before_its_other_files_were_doubted(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    monkeypatch.setattr(sweeping, "ROOM", 0)
    monkeypatch.setattr(sweeping, "MOST", 2)
    names = [*map(original, range(5)), orphan()]
    aged(settings)

    with pytest.raises(TooManyUnneeded, match="1 without a row, 0 with one"):
        sweep()
    assert all(place("local").look(name) for name in names)


def test_a_night_does_so_much_and_the_next_the_rest(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, write: Write
) -> None:
    monkeypatch.setattr(sweeping, "MOST", 2)
    orphan()
    for number in range(3):
        original(number)
    aged(settings)

    assert [sweep()["files"] for _ in range(3)] == [2, 2, 0]
