"""Whoever sends something back is told at each step: once, and what is so."""

from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from pytest_django.fixtures import Settings

from deferral.models import Job
from deferral.relay.expansion import expand_events
from notifications.models import SentMail
from orders.models import Order
from orders.returns.asking import withdraw_return
from orders.returns.deciding import approve_return
from tests.deferral.bench import run
from tests.orders.buying import stands
from tests.orders.returning import asked, bought, came, refused

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def order(settings: Settings, tmp_path: Path) -> Order:
    settings.MEDIA_ROOT = tmp_path / "media"
    return bought()


def told(task: str = "notifications.send_return") -> list[str]:
    """The subjects of what is sent for all that has happened."""
    while expand_events():
        pass
    for each in Job.objects.filter(task=task, state="pending"):
        run(each)
    return [str(message.subject) for message in mail.outbox]


def test_each_step_is_told(order: Order, settings: Any) -> None:
    settings.RETURN_ADDRESS = "3 Quay, Harbour"
    found = asked(order, 2)
    told()
    approve_return(return_id=found.pk, by="harbour", reason="Wrap <it> & tape it.")
    told()
    came(found, 1)

    assert told() == [
        f"We have your return {found.name} of order {order.number}",
        f"Send it back: return {found.name} of order {order.number}",
        f"Your return {found.name} of order {order.number} has arrived",
    ]
    page = f"{settings.SITE_URL}/orders/{order.number}/returns/?token={order.link_token}"
    assert all(page in message.body for message in mail.outbox)
    second, third = mail.outbox[1:]
    assert f"2. Write {found.name} on the parcel.\n3. Send it to 3 Quay, Harbour." in second.body
    assert "Wrap <it> & tape it." in second.body
    assert "1 of 2 x Harbour mug" in third.body
    assert "€18.00 goes back to the card it came from" in third.body
    assert "Wrap &lt;it&gt; &amp; tape it." in SentMail.objects.order_by("id")[1].html


def test_a_refusal_is_told_with_its_reason(order: Order) -> None:
    found = refused(asked(order), "It was worn.")

    assert told() == [f"Your return {found.name} of order {order.number} is not taken"]
    assert "It was worn." in mail.outbox[0].body


def test_nothing_is_told_of_what_is_not_so_any_more(order: Order) -> None:
    found = asked(order)
    approve_return(return_id=found.pk, by="harbour", reason="")
    withdraw_return(return_id=found.pk)

    assert told() == []


def test_that_it_arrived_is_told_when_the_money_was_quicker(order: Order) -> None:
    found = asked(order)
    approve_return(return_id=found.pk, by="harbour", reason="")
    came(found, 1)
    stands(found.refunds.get())

    assert told() == [f"Your return {found.name} of order {order.number} has arrived"]


def test_the_refund_names_each_line_once(order: Order) -> None:
    found = asked(order, 2)
    approve_return(return_id=found.pk, by="harbour", reason="")
    came(found, 2, 1)
    stands(found.refunds.get())
    told("notifications.send_refund")

    [message] = mail.outbox
    assert message.body.count("Harbour mug") == 1
    assert "2 x Harbour mug" in message.body
