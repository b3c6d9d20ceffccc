"""Whether a lost or doubled effect would be noticed."""

from typing import Any

import pytest

from tests.bench import truth
from tests.bench.truth import CHARGED, OWED, Differs

Book = dict[str, list[dict[str, Any]]]


def entry(order: str, effect: str, *, accepted: int = 1, second: int = 0) -> dict[str, Any]:
    at = f"2026-11-22T10:00:{second:02d}.500+00:00"
    return {"order": order, "effect": effect, "accepted": accepted, "first_at": at}


def books(*orders: str) -> Book:
    """Everything there once, each effect a second after the one before."""
    found: Book = {}
    for order in orders:
        for second, (service, effect) in enumerate((*OWED, CHARGED)):
            found.setdefault(service, []).append(entry(order, effect, second=second))
    return found


def test_whole_books_are_believed() -> None:
    truth.whole(books("H-1", "H-2"), {"H-1", "H-2"}, charged=True)


def test_a_missing_effect_is_named() -> None:
    lost = books("H-1", "H-2")
    lost["crm"].pop()
    with pytest.raises(Differs, match=r"1 effects .*H-2: crm contact x0"):
        truth.whole(lost, {"H-1", "H-2"})


def test_an_effect_under_two_keys_is_named() -> None:
    doubled = books("H-1")
    doubled["mail"].append(entry("H-1", "Your order"))
    with pytest.raises(Differs, match="H-1: mail Your order x2"):
        truth.whole(doubled, {"H-1"})


def test_what_was_only_refused_does_not_count() -> None:
    refused = books("H-1")
    refused["partner"] = [entry("H-1", "order.completed", accepted=0)]
    with pytest.raises(Differs, match="partner"):
        truth.whole(refused, {"H-1"})


def test_a_charge_is_owed_only_where_a_card_was_used() -> None:
    free = books("H-1")
    del free["payment"]
    truth.whole(free, {"H-1"})
    with pytest.raises(Differs, match="payment charge x0"):
        truth.whole(free, {"H-1"}, charged=True)


def test_other_peoples_orders_are_not_looked_at() -> None:
    others = books("H-1")
    others["mail"].append(entry("H-9", "Your order"))
    truth.whole(others, {"H-1"})


def test_different_counts_are_told_with_who_said_what() -> None:
    assert truth.same("orders", client=3, rows=3) == 3
    with pytest.raises(Differs, match=r"orders are counted differently: client 3, rows 2\."):
        truth.same("orders", client=3, rows=2)


def test_an_order_is_settled_when_its_last_effect_was_accepted() -> None:
    moments = truth.moments(books("H-1"), {"H-1"})
    mails = truth.moments(books("H-1"), {"H-1"}, "mail")
    assert moments["H-1"] - mails["H-1"] == len(OWED) - [name for name, _ in OWED].index("mail")
