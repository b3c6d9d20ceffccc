"""Returns in the admin: found by what stands on the parcel, decided about, counted."""

from typing import Any

import pytest
from django.test import Client

from deferral.models import Intervention
from orders.models import Order, Refund, Return
from orders.payments.refunds.recording import mark_refund_refused
from tests.config.test_roles import somebody
from tests.deferral.staff import sitting
from tests.orders.returning import approved, arrived, asked, bought, state_of

pytestmark = pytest.mark.django_db

RETURNS = "/admin/orders/return/"


@pytest.fixture
def order() -> Order:
    """Three mugs and a seat, paid."""
    return bought()


@pytest.fixture
def staff() -> Client:
    """Staff who may do everything."""
    return sitting(superuser=True)


def text(client: Client, address: str) -> str:
    """The page, which must open."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def decide(client: Client, found: Return, verb: str, **said: Any) -> str:
    """Send the form, and read what comes back."""
    answer = client.post(f"{RETURNS}{found.pk}/decide/{verb}/", said, follow=True)
    return str(answer.content.decode())


def counts(found: Return, arrived: int, again: int) -> dict[str, int]:
    """What the form of an arrival says of its only line."""
    line = found.lines.get()
    return {f"arrived_{line.pk}": arrived, f"again_{line.pk}": again}


def test_it_is_found_by_what_stands_on_the_parcel(order: Order, staff: Client) -> None:
    found, other = asked(order), asked(bought())
    for typed in (found.name, found.name.lower(), found.tag, order.number):
        page = text(staff, f"{RETURNS}?q={typed}")
        assert f"/{found.pk}/change/" in page
        assert f"/{other.pk}/change/" not in page


def test_it_is_decided_from_the_question_to_the_money(order: Order, staff: Client) -> None:
    found = asked(order, 2, words="<b>Too</b> large.")
    page = text(staff, f"{RETURNS}{found.pk}/decide/approve/")
    assert "&lt;b&gt;Too&lt;/b&gt; large." in page
    assert "may be sent back." in decide(staff, found, "approve")

    told = decide(staff, found, "arrived", **counts(found, 2, 1), reason="one is chipped")
    assert "is here, and its money goes back." in told
    refund = Refund.objects.get()
    assert (refund.amount_cents, refund.by[:5]) == (3_600, "staff")
    said = "Arrived: 2 of 2 x Harbour mug, 1 sold again. one is chipped"
    assert Intervention.objects.filter(subject=order.subject, reason=said).exists()


def test_pressed_twice_the_second_is_told(order: Order, staff: Client) -> None:
    found = approved(order)
    decide(staff, found, "arrived", **counts(found, 1, 1))

    told = decide(staff, found, "arrived", **counts(found, 1, 1))
    assert "cannot be done with it any more" in told
    assert Refund.objects.count() == 1


def test_a_refusal_says_why_to_its_customer(order: Order, staff: Client) -> None:
    found = asked(order)
    assert "Say why. Nothing was done." in decide(staff, found, "refuse")

    assert "is refused." in decide(staff, found, "refuse", reason="It was worn.")
    found.refresh_from_db()
    assert (found.state, found.answer) == ("refused", "It was worn.")


def test_what_cannot_have_come_is_asked_again(order: Order, staff: Client) -> None:
    found = approved(order, 2)
    for said, words in (
        (counts(found, 0, 0), "Nothing of it has arrived."),
        (counts(found, 1, 2), "No more can be sold again than have arrived."),
        (counts(found, 3, 0), "less than or equal to 2"),
        ({}, "This field is required."),
    ):
        assert words in decide(staff, found, "arrived", **said)
    assert (state_of(found), Refund.objects.count()) == ("approved", 0)


@pytest.mark.parametrize(("reason", "proposed"), [("damaged", 0), ("changed_mind", 2)])
def test_what_is_damaged_is_not_proposed_to_be_sold_again(
    order: Order, staff: Client, reason: str, proposed: int
) -> None:
    found = approved(order, 2, reason=reason)
    page = text(staff, f"{RETURNS}{found.pk}/decide/arrived/")

    assert f'name="again_{found.lines.get().pk}" value="{proposed}"' in page


def test_a_refund_that_failed_is_seen_and_decided_again(order: Order, staff: Client) -> None:
    found, refund = arrived(order)
    mark_refund_refused(refund_id=refund.pk, refusal="card_lost")
    page = text(staff, f"{RETURNS}{found.pk}/change/")
    assert "card_lost" in page
    assert f"{found.pk}/decide/refund/" in page
    assert "the money has not gone back" in text(staff, "/admin/")

    decide(staff, found, "refund", reason="the customer has another card", seen=0)
    assert found.refunds.count() == 2
    assert "/decide/refund/" not in text(staff, f"{RETURNS}{found.pk}/change/")


def test_the_first_page_counts_what_waits(order: Order, staff: Client) -> None:
    assert "Returns to decide about" not in text(staff, "/admin/")
    found = asked(order)
    approved(order)

    page = text(staff, "/admin/")
    assert "Returns to decide about" in page
    assert "Returns on their way" in page
    assert found.name in page


def test_an_order_shows_its_returns(order: Order, staff: Client) -> None:
    found = asked(order, 2)
    page = text(staff, f"/admin/orders/order/{order.pk}/change/")

    assert f'<a href="{RETURNS}{found.pk}/change/">{found.name}</a>' in page
    assert "2 x Harbour mug" in page


@pytest.mark.parametrize(("role", "may"), [("support", True), ("reader", False), ("", False)])
def test_support_decides_and_readers_read(order: Order, role: str, may: bool) -> None:  # noqa: FBT001
    found, who = asked(order), somebody(*filter(None, [role]))
    decide(who, found, "approve")

    assert state_of(found) == ("approved" if may else "asked")
    assert who.get(RETURNS).status_code == (200 if role else 403)
