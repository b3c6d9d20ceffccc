"""Marks on one sign: however many somebody sends, no more are put in order than a script needs."""

import unicodedata
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from deferral.admin.kit.searching import meanings
from deferral.text.composing import MOST_MARKS, composed
from deferral.text.typed import FAR, Line, Text, tidy
from media.services import tidy_name
from orders.admin.numbers import number_in
from shop.imports.cells import READERS
from shop.imports.picture_names import folded, listed, path_of

# Marks below and above by turns, one that becomes two, vowels that are no marks and become two.
PUMPS = ["\u0301\u0316", "\u0344", "\u0f73", "\u0f81\u0300", "\u0301\u200b", "\u1e69\u0307"]
LONG = 20_000
DOORS: list[Callable[[str], Any]] = [
    Text().clean, tidy, tidy_name, meanings, number_in, path_of, folded, listed,
    READERS["description"][0],
]  # fmt: skip


def marks_in(text: str) -> int:
    """On the sign that has most of them, each counted as it is taken apart."""
    most = run = 0
    for sign in text:
        for part in unicodedata.decomposition(sign).split() or [f"{ord(sign):x}"]:
            run = run + 1 if unicodedata.combining(chr(int(part, 16))) else 0
            most = max(most, run)
    return most


@pytest.fixture
def ordered(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many marks on one sign Python was given to put in order, each time."""
    found, real = [0], unicodedata.normalize  # noqa: TID251 - it is watched

    def counted(form: Any, text: str) -> str:
        found.append(marks_in(text) if len(text) > 1 else 0)
        assert found[-1] <= 3 * MOST_MARKS
        return real(form, text)

    monkeypatch.setattr(unicodedata, "normalize", counted)
    return found


@pytest.mark.parametrize("pump", PUMPS)
@pytest.mark.parametrize("door", DOORS)
def test_no_more_marks_are_put_in_order_than_any_script_needs(
    door: Callable[[str], Any], pump: str, ordered: list[int]
) -> None:
    with suppress(ValidationError):
        door("e" + pump * (LONG // len(pump)) + ".jpg")


def test_what_is_far_too_long_is_refused_before_it_is_tidied(ordered: list[int]) -> None:
    with pytest.raises(ValidationError, match="at most 10 characters"):
        Line(max_length=10).clean("\xe9\u200b" * FAR * 6)

    assert ordered == [0]


@pytest.mark.parametrize("pump", PUMPS)
@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC"])
def test_what_is_composed_stays_as_it_is(form: Any, pump: str) -> None:
    once = composed("e" + pump * 90 + "\u0308e", form)

    assert composed(once, form) == once
    assert unicodedata.is_normalized(form, once)


def test_as_many_marks_as_any_script_needs_are_kept() -> None:
    typed = "e" + "\u0323\u0302" * (MOST_MARKS // 2) + "\u0915\u094d\u0937"

    assert composed(typed) == unicodedata.normalize("NFC", typed)  # noqa: TID251 - the measure
