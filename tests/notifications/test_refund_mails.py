"""Who hears what of money that goes back, fails, or comes back to us."""

from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from pytest_django.fixtures import Settings

from deferral.models import Event
from notifications import services
from notifications.handlers.orders import (
    tell_of_money_that_came_back,
    tell_of_refund,
)
from orders.events import OrderRefunded, RefundCameBack
from orders.models import Refund
from tests.deferral.bench import specs_of
from tests.orders.buying import paid, refund_of, stands

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("outside_a_job")]


@pytest.fixture
def refund(settings: Settings) -> Refund:
    """All of an order's money, done."""
    settings.STAFF_EMAIL = "staff@example.org"
    return stands(refund_of(paid()))


def failed(refund: Refund) -> Refund:
    """Its bank sent the money back."""
    return stands(refund, "failed", why="expired or canceled card")


def the_mail(mailoutbox: list[EmailMultiAlternatives]) -> tuple[str, str, str]:
    """To whom, about what, and its text as one line."""
    [mail] = mailoutbox
    return mail.to[0], str(mail.subject), " ".join(str(mail.body).split())


def test_a_refund_that_came_back_meanwhile_is_not_mailed_as_done(
    refund: Refund, mailoutbox: Any
) -> None:
    failed(refund)
    services.send_refund(order_id=refund.payment.order_id, refund_id=refund.pk, key="k")

    assert mailoutbox == []


def test_the_customer_hears_that_it_did_not_arrive(refund: Refund, mailoutbox: Any) -> None:
    failed(refund)
    services.tell_of_return(refund_id=refund.pk, staff=False, key="k")

    to, subject, text = the_mail(mailoutbox)
    number = refund.payment.order.number
    assert (to, subject) == ("ada@example.org", f"Your refund for order {number} did not arrive")
    assert "€40.90" in text
    assert "returned the money to us (expired or canceled card)" in text


def test_staff_hear_that_it_came_back(refund: Refund, mailoutbox: Any) -> None:
    failed(refund)
    services.tell_of_return(refund_id=refund.pk, staff=True, key="k")

    to, subject, text = the_mail(mailoutbox)
    assert (to, subject[:29]) == ("staff@example.org", "Refund of €40.90 came back fo")
    assert "It had gone back; now the payment provider has it again" in text


@pytest.mark.parametrize(
    ("state", "said"),
    [("failed", "it did not go through"), ("canceled", "it did not go through")],
)
def test_staff_hear_of_one_that_never_went(
    settings: Settings, mailoutbox: Any, state: str, said: str
) -> None:
    settings.STAFF_EMAIL = "staff@example.org"
    never = stands(refund_of(paid(), cents=700), state, why="declined")
    services.tell_of_refusal(refund_id=never.pk, key="k")

    _, subject, text = the_mail(mailoutbox)
    assert subject.startswith(f"Refund of €7.00 {state} for order")
    assert said in text
    assert "Nothing went back" in text


def test_the_second_time_is_said_to_be_the_second(refund: Refund, mailoutbox: Any) -> None:
    order = failed(refund).payment.order
    again = stands(refund_of(order))
    order.refresh_from_db()
    services.send_refund(order_id=order.pk, refund_id=again.pk, key="k")

    assert the_mail(mailoutbox)[1] == f"Your refund for order {order.number}, sent again"


def test_what_happens_twice_to_an_order_is_mailed_twice(refund: Refund) -> None:
    failed(refund)
    stands(refund_of(refund.payment.order))

    facts = Event.objects.order_by("id").values_list("type", "payload")
    keys = [key for kind, payload in facts for key in mails_about(kind, payload)]
    assert len(keys) == len(set(keys)) == 4


def mails_about(kind: str, payload: dict[str, Any]) -> list[str]:
    """The keys of the mails that follow from an event about money that went back."""
    handlers: dict[str, tuple[Any, Any]] = {
        OrderRefunded.type: (tell_of_refund, OrderRefunded),
        RefundCameBack.type: (tell_of_money_that_came_back, RefundCameBack),
    }
    if kind not in handlers:
        return []
    handler, event = handlers[kind]
    return [spec.key for spec in specs_of(handler(event(**payload)))]
