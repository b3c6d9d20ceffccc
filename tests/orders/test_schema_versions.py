"""An event whose fields have changed: what was published before is understood, what is newer waits.

Relays and workers of two releases run beside each other while a new one is put in place.
"""

from typing import Any

import pytest

from deferral.models import Event, Job
from deferral.relay.expansion import expand_events
from orders.events import OrderRefunded
from orders.models import Refund
from tests.orders.buying import paid, refund_of, stands

pytestmark = pytest.mark.django_db


def refunded() -> Refund:
    """All the money of an order; nothing of it is announced yet."""
    refund = refund_of(paid())
    stands(refund)
    Event.objects.all().delete()
    return refund


def announce(refund: Refund, *, version: int, **fields: Any) -> Event:
    """A row as a release with this version of the event writes it."""
    order = refund.payment.order
    facts = {"order_id": order.pk, "refund_id": refund.pk, **fields}
    return Event.objects.create(
        type=OrderRefunded.type, subject=order.subject, payload=facts, schema_version=version
    )


def keys() -> list[str]:
    return sorted(Job.objects.values_list("key", flat=True))


def test_version_1_which_did_not_say_again_is_of_a_first_refund() -> None:
    refund = refunded()
    announce(refund, version=1)
    expand_events()
    before = keys()
    assert f"refund_mail:{refund.payment.order.reference}" in before

    announce(refund, version=2, again="")
    expand_events()

    assert set(Event.objects.values_list("state", flat=True)) == {"expanded"}
    assert keys() == before


def test_version_2_says_that_it_was_refunded_before() -> None:
    refund = refunded()
    announce(refund, version=2, again=refund.tag)
    expand_events()

    assert f"refund_mail:{refund.payment.order.reference}:{refund.tag}" in keys()


def test_version_3_waits_for_newer_code_and_costs_no_attempt() -> None:
    event = announce(refunded(), version=3, again="", by="a field of tomorrow")
    expand_events()

    event.refresh_from_db()
    assert (event.state, event.attempts, keys()) == ("pending", 0, [])
