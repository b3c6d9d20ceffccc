"""Places that an app offers and apps above it fill."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from deferral.slots import Slot


def test_parts_are_read_in_the_order_in_which_they_came() -> None:
    slot: Slot[int] = Slot("the number", first=1)
    slot.fill("second", 2)

    assert list(slot.values()) == [1, 2]
    assert slot.get("third") is None


def test_of_two_parts_with_one_name_neither_wins_in_silence() -> None:
    slot: Slot[int] = Slot("the number")
    slot.fill("one", 1)

    with pytest.raises(ImproperlyConfigured, match="the number 'one'"):
        slot.fill("one", 1)
    assert slot["one"] == 1
