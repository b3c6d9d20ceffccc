"""The customer hears once of each parcel that it is on its way, and what is still to come."""

from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives

from notifications import services
from notifications.handlers.shipments import tell_of_parcel
from orders.events import ShipmentSent
from orders.models import Order, Shipment
from tests.deferral.bench import specs_of
from tests.orders.shipments.conftest import catalogue, mug, order, print_
from tests.orders.shipments.telling import FOLLOW, said, told

__all__ = ["catalogue", "mug", "order", "print_"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("outside_a_job")]


def send(shipment: Shipment) -> None:
    services.send_shipment(shipment_id=shipment.pk, key=f"shipment_sent:{shipment.key}")


def the_mail(mailoutbox: list[EmailMultiAlternatives]) -> tuple[str, str]:
    [mail] = mailoutbox
    return str(mail.subject), " ".join(str(mail.body).split())


def test_a_parcel_has_one_mail_by_its_own_name(order: Order, mug: str) -> None:
    told(said(order, "on_its_way", {mug: 3}))
    parcel = Shipment.objects.get()
    [spec] = specs_of(tell_of_parcel(ShipmentSent(order_id=order.pk, shipment_id=parcel.pk)))

    assert spec.key == f"shipment_sent:{order.reference}:{parcel.tag}"


def test_a_part_says_what_is_still_to_come(order: Order, mug: str, mailoutbox: Any) -> None:
    told(said(order, "on_its_way", {mug: 2}, carrier="Post", tracking_url=FOLLOW))
    send(Shipment.objects.get())

    subject, text = the_mail(mailoutbox)
    assert subject == f"A part of your order {order.number} is on its way"
    assert "In this parcel: 2 x Harbour" in text
    assert "Still to come" in text
    assert "1 x Slow Swell" in text
    assert FOLLOW in text


def test_the_last_part_says_that_all_is_on_its_way(
    order: Order, mug: str, print_: str, mailoutbox: Any
) -> None:
    told(said(order, "delivered", {mug: 3}))
    told(said(order, "on_its_way", {print_: 1}), "print_room")
    send(Shipment.objects.get(supplier="print_room"))

    subject, text = the_mail(mailoutbox)
    assert subject == f"Your order {order.number} is on its way"
    assert "Still to come" not in text


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("lost", "cannot be found at the moment"),
        ("returned", "was brought back"),
    ],
)
def test_it_says_how_it_stands_when_it_is_sent(
    order: Order, mug: str, mailoutbox: Any, state: str, words: str
) -> None:
    told(said(order, "on_its_way", {mug: 3}))
    told(said(order, state, {mug: 3}))
    send(Shipment.objects.get())

    subject, text = the_mail(mailoutbox)
    assert subject == f"A parcel of your order {order.number} {words}"
    assert text.startswith(f"It {words}.")
    assert "on its way" not in text


@pytest.mark.parametrize("state", ["cancelled", "refunded"])
def test_nothing_is_sent_of_an_order_that_was_called_off(
    order: Order, mug: str, mailoutbox: Any, state: str
) -> None:
    told(said(order, "on_its_way", {mug: 3}))
    Order.objects.filter(pk=order.pk).update(state=state)
    send(Shipment.objects.get())

    assert mailoutbox == []
