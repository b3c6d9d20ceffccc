"""Whether a bad ending would be told from a good one."""

from typing import Any

import pytest

from tests.bench.truth import CHARGED, OWED
from tests.proofs.chaos.crew import Kill
from tests.proofs.chaos.recovering import killer
from tests.proofs.chaos.verdict import count

Books = dict[str, list[dict[str, Any]]]
PAID = {"H-1", "H-2"}


@pytest.fixture
def books() -> Books:
    """Two orders, every effect once."""
    found: Books = {}
    for order in sorted(PAID):
        for service, effect in (*OWED, CHARGED):
            row = {"order": order, "effect": effect, "accepted": 1, "repeats": 0}
            found.setdefault(service, []).append(row)
    return found


def test_whole_books_stand(books: Books) -> None:
    assert count(books, PAID).stands


def test_what_was_refused_is_lost(books: Books) -> None:
    books["crm"][0]["accepted"] = 0

    assert count(books, PAID).lost == ["H-1 crm contact"]


def test_what_is_not_there_at_all_is_lost(books: Books) -> None:
    del books["mail"]

    assert count(books, PAID).lost == ["H-1 mail Your order", "H-2 mail Your order"]


def test_one_effect_under_two_keys_is_doubled(books: Books) -> None:
    books["partner"].append(dict(books["partner"][1]))

    assert count(books, PAID).doubled == ["H-2 partner order.completed"]
    assert not count(books, PAID).stands


def test_a_repeat_is_counted_and_is_no_double(books: Books) -> None:
    books["partner"][0]["repeats"] = 2

    assert (count(books, PAID).repeats, count(books, PAID).stands) == (2, True)


def test_an_effect_of_an_order_that_was_not_paid_has_no_cause(books: Books) -> None:
    assert count(books, {"H-1"}).uncaused == ["H-2"]


def test_the_last_kill_before_the_loss_was_noticed_is_to_blame() -> None:
    kills = [Kill(10.0, "child", (7,)), Kill(20.0, "worker", (7, 8)), Kill(40.0, "child", (7,))]
    entry = {"worker": "3:7", "at": "1970-01-01T00:00:21+00:00"}

    assert killer(entry, kills) == kills[1]
    assert killer(entry | {"worker": "3:9"}, kills) is None
