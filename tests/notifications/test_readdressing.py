"""An address that nobody could mail is corrected in the admin, and its dead mail replayed."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from deferral.ledger.dead_letters import replay_jobs
from deferral.models import Intervention, Job
from notifications.models import SentMail
from orders.models import Order
from tests.deferral.bench import put, run
from tests.deferral.staff import sitting

pytestmark = pytest.mark.django_db(transaction=True)
NOWHERE = "ada@example\u200f.com"


@pytest.fixture
def dead(order: Order) -> Job:
    """The confirmation of an order from before the checkout refused such an address."""
    Order.objects.filter(pk=order.pk).update(email=NOWHERE)
    job = put(
        "order_confirmation:of-17",
        task="notifications.send_confirmation",
        subject=order.subject,
        kwargs={"order_id": order.pk},
    )
    return run(job)


def correct(who: Client, order: Order, email: str, reason: str = "she wrote to us") -> Any:
    page = f"/admin/orders/order/{order.pk}/decide/readdress/"
    return who.post(page, {"email": email, "reason": reason}, follow=True)


def test_a_dead_confirmation_is_replayed_to_the_corrected_address(dead: Job, order: Order) -> None:
    assert (dead.state, dead.cause) == ("dead", "an address that cannot be mailed")

    correct(sitting("view_order", "change_order"), order, "ada@stra\u00dfe.example")
    replay_jobs([dead.pk], by="eva")

    assert run(dead).state == "done"
    assert [message.to for message in mail.outbox] == [["ada@xn--strae-oqa.example"]]
    assert SentMail.objects.get().to == "ada@xn--strae-oqa.example"


def test_what_was_sent_before_stays_as_it_was_sent(order: Order) -> None:
    SentMail.objects.create(key="k", about=order.subject, to="old@example.org", subject="s")

    correct(sitting(superuser=True), order, "new@example.org")

    assert SentMail.objects.get().to == "old@example.org"
    assert Order.objects.get().email == "new@example.org"


def test_who_corrected_it_from_what_to_what_and_why_is_written_down(order: Order) -> None:
    before = order.email

    page = correct(sitting(superuser=True), order, "ada@stra\u00dfe.example").content.decode()

    said = f"Correct e-mail from {before} to ada@stra\u00dfe.example: she wrote to us"
    assert said in page
    assert Intervention.objects.get(subject=order.subject).reason == said


@pytest.mark.parametrize("wrong", [NOWHERE, "", "j\u00f6rg@example.org"])
def test_the_same_rule_as_in_the_shop_holds_in_the_admin(order: Order, wrong: str) -> None:
    answer = correct(sitting(superuser=True), order, wrong)

    assert "errorlist" in answer.content.decode()
    assert Order.objects.get().email == order.email


def test_the_same_address_is_no_correction(order: Order) -> None:
    answer = correct(sitting(superuser=True), order, order.email)

    assert "That is its address already." in answer.content.decode()
    assert not Intervention.objects.exists()
