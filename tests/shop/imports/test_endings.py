"""Paths are found by how they end, without a look at each of those that are alike."""

import pytest

from shop.imports import endings
from shop.imports.endings import Endings

PATHS = ["pier.jpg", "a/pier.jpg", "b/a/pier.jpg", "ba/pier.jpg", "pier.jpg", "/etc/x", "pier.jp"]


@pytest.mark.parametrize(
    ("wanted", "ending", "whole"),
    [
        ("pier.jpg", [0, 4], [0, 4]),
        ("a/pier.jpg", [1, 2], [1]),
        ("b/a/pier.jpg", [2], [2]),
        ("/etc/x", [5], [5]),
        ("etc/x", [5], []),
        ("ier.jpg", [], []),
        ("c/pier.jpg", [], []),
        ("", [], []),
    ],
)
def test_a_path_ends_at_the_beginning_of_a_folder(
    wanted: str, ending: list[int], whole: list[int]
) -> None:
    found = Endings(PATHS)

    assert found.of(wanted) == ending
    assert found.whole(wanted) == whole


def test_of_twenty_thousand_alike_a_look_up_asks_few(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    found = Endings(["a.jpg"] * 20_000 + ["b/a.jpg"] * 20_000)

    class Counted(str):
        __hash__ = str.__hash__

        def __eq__(self, other: object) -> bool:
            asked.append(other)
            return str.__eq__(self, other)

    real = endings._turned
    monkeypatch.setattr(endings, "_turned", lambda path: Counted(real(path)))
    assert found.of("b/a.jpg") == [20_000, 20_001]
    assert 0 < len(asked) < 100
