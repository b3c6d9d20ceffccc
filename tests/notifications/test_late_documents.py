"""A document that the confirmation went without."""

from typing import Any

import pytest
from django.db.models.functions import Now

from deferral.errors import Snooze
from deferral.models import Job
from notifications.services import send_late_document
from orders.models import Order
from reports.models import Document
from tests.reports.paid_orders import saved


def writing(order: Order, state: str) -> None:
    """The job that should have written it."""
    Job.objects.create(
        key=f"receipt:{order.reference}",
        subject=order.subject,
        task="reports.write_receipt",
        queue="critical",
        state=state,
        settled_at=Now(),
    )


def send(order: Order) -> None:
    document = f"receipt:{order.reference}"
    send_late_document(order_id=order.pk, document=document, key=f"late_document:{document}")


@pytest.mark.parametrize("state", ["pending", "dead"])
def test_it_waits_while_the_document_may_still_come(
    order: Order, mailoutbox: list[Any], state: str
) -> None:
    writing(order, state)

    with pytest.raises(Snooze):
        send(order)
    assert mailoutbox == []


@pytest.mark.usefixtures("outside_a_job")
def test_it_is_mailed_once_it_is_there(
    order: Order, receipt: Document, mailoutbox: list[Any]
) -> None:
    send(order)

    [mail] = mailoutbox
    assert mail.subject == f"More for your order {order.number}"
    assert mail.attachments == [("receipt.pdf", b"%PDF receipt", "application/pdf")]
    assert mail.extra_headers["Message-ID"].startswith(
        f"<late_document.3Areceipt.3A{order.reference}@"
    )
    assert f"Receipt of your order {order.number} is attached" in mail.body


def test_another_orders_document_is_not_mailed(
    order: Order, receipt: Document, mailoutbox: list[Any]
) -> None:
    another = saved()

    with pytest.raises(Snooze):
        send_late_document(order_id=another.pk, document=receipt.key, key="late_document:x")
    assert mailoutbox == []


def test_it_is_given_up_with_the_document(order: Order, mailoutbox: list[Any]) -> None:
    writing(order, "discarded")
    send(order)

    assert mailoutbox == []


def test_it_is_given_up_with_the_order(
    order: Order, receipt: Document, mailoutbox: list[Any]
) -> None:
    Order.objects.update(state="cancelled")
    send(order)

    assert mailoutbox == []
