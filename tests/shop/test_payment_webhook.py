"""What the payment provider tells us: checked, stored once with its job, believed in nothing."""

import json
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
import stripe
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from deferral.inbox.errors import NoticeForged, NoticeNotUnderstood
from deferral.inbox.receiving import receive
from deferral.models import Event, IncomingNotice, Job
from orders.events import PaymentNoticed
from orders.models import Order, PaymentAttempt
from orders.payments import paying
from orders.payments.notices import PROVIDER
from shop.checkout import place
from shop.handlers import look_after_payment
from shop.models import Product
from tests.rig.running_sandbox import Sandbox
from tests.rig.surroundings import PAYMENT_SECRET
from tests.shop.buying import a_draft, left_of
from tests.shop.conftest import Run

Shop = dict[str, Product]
ADDRESS = "/payments/webhook/"


def an_event(kind: str = "payment_intent.succeeded", **changes: Any) -> dict[str, Any]:
    thing = {"id": "pi_1", "object": "payment_intent"}
    return {"id": "evt_1", "type": kind, "data": {"object": thing}, **changes}


def signed(body: str, *, secret: str = PAYMENT_SECRET, age: int = 0) -> str:
    """As the provider's own library does it."""
    at = int(time.time()) - age
    return str(stripe.WebhookSignature.generate_signature_header(body, secret, at))


def tell(
    client: Client, event: dict[str, Any] | str, *, signature: str | None = None, **more: Any
) -> int:
    body = event if isinstance(event, str) else json.dumps(event)
    header = signed(body) if signature is None else signature
    answer = client.post(
        ADDRESS, body, content_type="application/json", headers={"Stripe-Signature": header}, **more
    )
    return answer.status_code


@pytest.mark.django_db
def test_it_is_stored_once_with_its_job_however_often_it_is_told(customer: Client) -> None:
    assert [tell(customer, an_event()) for _ in range(3)] == [200, 200, 200]

    notice = IncomingNotice.objects.get()
    assert (notice.external_id, notice.kind, notice.about) == (
        "evt_1",
        "payment_intent.succeeded",
        "pi_1",
    )
    event = Event.objects.get()
    assert (event.type, event.payload["notice_id"]) == ("orders.payment_noticed", notice.pk)


@pytest.mark.django_db(transaction=True)
def test_told_twice_at_once_it_is_one(customer: Client) -> None:
    together, answers = threading.Barrier(6), []

    def ask() -> None:
        together.wait()
        answers.append(tell(Client(), an_event()))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [200] * 6
    assert (IncomingNotice.objects.count(), Event.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_a_refund_is_told_by_its_charge(customer: Client) -> None:
    charge = {"object": {"id": "ch_1", "object": "charge", "payment_intent": "pi_9"}}

    assert tell(customer, an_event("charge.refunded", data=charge)) == 200
    assert IncomingNotice.objects.get().about == "pi_9"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "event",
    [
        an_event("payment_intent.created"),
        an_event("customer.created", data={"object": {"id": "cus_1", "object": "customer"}}),
        an_event("payout.paid", data={"object": {"id": "po_1", "object": "payout"}}),
        an_event("charge.refunded", data={"object": {"object": "charge", "payment_intent": None}}),
    ],
)
def test_what_does_not_concern_us_is_thanked_for_and_forgotten(
    customer: Client, event: dict[str, Any]
) -> None:
    """Refused, it would be told again for days, and in the end nothing more would be."""
    assert tell(customer, event) == 200
    assert not IncomingNotice.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "signature",
    [
        lambda: "",
        lambda: "t=1,v1=abc",
        lambda: "nonsense",
        lambda: "t=,v1=",
        lambda: "t=\xff,v1=\xe9",
        lambda: "v1=" + "a" * 64,
        lambda: signed(json.dumps(an_event()), secret="whsec_of_somebody_else"),
        lambda: signed(json.dumps(an_event()), age=PROVIDER.tolerance + 5),
        lambda: signed(json.dumps(an_event()), age=-PROVIDER.tolerance - 60),
        lambda: signed(json.dumps(an_event()), age=-10 * 365 * 86_400),
        lambda: signed(json.dumps(an_event()), age=-10 * 365 * 86_400).replace(",", "=x,", 1),
        lambda: signed(json.dumps(an_event(type="payment_intent.canceled"))),
        lambda: "t=" + "9" * 5_000 + ",v1=a",
    ],
    # Made when it is sent: one that is minutes ahead is not for long.
    ids=[
        "none",
        "old",
        "nonsense",
        "no time",
        "no ASCII",
        "no time at all",
        "another secret",
        "too old",
        "minutes ahead",
        "ten years ahead",
        "ten years ahead, and more in its time",
        "other bytes",
        "no such time",
    ],
)
def test_what_is_forged_altered_or_old_is_refused_and_nothing_is_stored(
    customer: Client, signature: Callable[[], str]
) -> None:
    assert tell(customer, an_event(), signature=signature()) == 400
    assert not IncomingNotice.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("secret", ["whsec_the_next", PAYMENT_SECRET])
def test_while_a_secret_is_replaced_both_are_good(customer: Client, secret: str) -> None:
    body = json.dumps(an_event())

    assert tell(customer, body, signature=signed(body, secret=secret)) == 200


@pytest.mark.django_db
def test_without_a_secret_nobody_is_believed(customer: Client, settings: Settings) -> None:
    settings.PAYMENT_WEBHOOK_SECRETS = []

    assert tell(customer, an_event()) == 400


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        "{}",
        "\x00",
        '"text"',
        "[" * 100_000,
        json.dumps(an_event(id=7)),
        json.dumps(an_event(id="x" * 300)),
        json.dumps(an_event(data={"object": {"id": "p" * 91, "object": "payment_intent"}})),
        json.dumps(an_event(id="evt\x00")),
        json.dumps(an_event(data=[])),
        json.dumps(an_event(type="payment_intent.succeeded\u202e")),
    ],
)
def test_what_is_signed_and_no_event_is_refused(customer: Client, body: str) -> None:
    assert tell(customer, body) == 400
    assert not IncomingNotice.objects.exists()


@pytest.mark.django_db
def test_too_much_is_refused_unread(customer: Client) -> None:
    assert tell(customer, json.dumps(an_event()) + " " * PROVIDER.most) == 413
    assert customer.get(ADDRESS).status_code == 405


@given(st.binary(max_size=300), st.text(max_size=200))
def test_whatever_bytes_come_it_is_one_of_two_clear_errors(body: bytes, signature: str) -> None:
    with pytest.raises(NoticeForged):
        receive(PROVIDER, body=body, headers={"Stripe-Signature": signature})
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return
    with pytest.raises(NoticeNotUnderstood):
        receive(PROVIDER, body=body, headers={"Stripe-Signature": signed(text)})


@pytest.fixture
def begun(open_shop: Shop, bank: Sandbox) -> PaymentAttempt:
    """Charged, and the web process died before it could write that down."""
    _, attempt, _ = place(a_draft(open_shop["lantern"]))
    paying.pay(attempt_id=attempt.pk, method="pm_card_visa")
    attempt.refresh_from_db()
    return attempt


def noticed(run: Run, ref: str, number: int = 1, kind: str = "payment_intent.succeeded") -> Job:
    notice, _ = IncomingNotice.objects.get_or_create(
        source=PROVIDER.name,
        external_id=f"evt_{number}",
        defaults={"kind": kind, "about": ref},
    )
    [spec] = look_after_payment(PaymentNoticed(notice_id=notice.pk, kind=kind, provider_ref=ref))
    return run(spec)


def test_an_order_killed_between_charge_and_mark_is_paid_as_soon_as_we_hear_of_it(
    begun: PaymentAttempt, run: Run, bank: Sandbox
) -> None:
    for number in range(3):
        assert noticed(run, begun.provider_ref, number).state == Job.State.DONE

    order = Order.objects.get()
    assert order.state == "paid"
    assert [event.type for event in Event.objects.all()] == ["orders.order_paid"]
    assert bank.entries("payment", order.number) == [("charge", 1, 0, 0)]


@pytest.mark.parametrize("state", ["captured", "refunded"])
def test_what_is_settled_is_not_asked_about_and_stays(
    begun: PaymentAttempt, run: Run, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    PaymentAttempt.objects.update(state=state)
    monkeypatch.setattr(
        "orders.payments.provider.gateway.ask", lambda _: pytest.fail("it was asked")
    )
    noticed(run, begun.provider_ref)

    assert PaymentAttempt.objects.get().state == state
    assert not Event.objects.exists()


def test_a_payment_that_went_back_in_the_providers_dashboard_is_refunded_here(
    begun: PaymentAttempt, run: Run, bank: Sandbox
) -> None:
    noticed(run, begun.provider_ref)
    half = {"payment_intent": begun.provider_ref, "amount": begun.amount_cents // 2}
    bank.payments.refunds.create(half)
    for number in (2, 3):
        noticed(run, begun.provider_ref, number, "charge.refunded")
    attempt = PaymentAttempt.objects.get()
    assert (attempt.order.state, attempt.refunded_cents) == ("paid", begun.amount_cents // 2)
    assert Event.objects.filter(type="orders.partly_refunded").count() == 1

    bank.payments.refunds.create({"payment_intent": begun.provider_ref})
    for number in (4, 5):
        noticed(run, begun.provider_ref, number, "charge.refunded")
    assert Order.objects.get().state == "refunded"
    assert Event.objects.filter(type="orders.order_refunded").count() == 1


OF_A_REFUND = ["refund.created", "refund.updated", "refund.failed", "charge.refund.updated"]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", OF_A_REFUND)
def test_what_is_told_of_a_refund_is_asked_about(customer: Client, kind: str) -> None:
    refund = {"id": "re_1", "object": "refund", "payment_intent": "pi_1", "status": "failed"}
    assert tell(customer, an_event(kind, data={"object": refund})) == 200

    assert Event.objects.get().payload["provider_ref"] == "pi_1"


def test_a_refund_that_failed_later_is_here_again_as_soon_as_we_hear_of_it(
    begun: PaymentAttempt, run: Run, bank: Sandbox
) -> None:
    noticed(run, begun.provider_ref)
    bank.fault("payment", mode="refund-comes-back")
    refund = bank.payments.refunds.create({"payment_intent": begun.provider_ref})
    bank.fault("payment", mode="ok")
    noticed(run, begun.provider_ref, 2, "charge.refunded")
    assert Order.objects.get().state == "refunded"

    while bank.payments.refunds.retrieve(refund.id).status != "failed":
        time.sleep(0.05)
    for number in (3, 4):
        noticed(run, begun.provider_ref, number, "refund.failed")
    attempt = PaymentAttempt.objects.get()
    assert (attempt.order.state, attempt.state, attempt.refunded_cents) == (
        "cancelled",
        "captured",
        0,
    )
    assert Event.objects.filter(type="orders.refund_came_back").count() == 1


def test_a_payment_that_is_not_ours_is_nothing_to_us(open_shop: Shop, run: Run) -> None:
    assert noticed(run, "pi_of_another_shop").state == Job.State.DONE


def test_one_that_is_not_through_yet_is_left_as_it_is(
    open_shop: Shop, run: Run, bank: Sandbox
) -> None:
    _, attempt, _ = place(a_draft(open_shop["lantern"]))
    ref = bank.payments.payment_intents.create({"amount": 2_000, "currency": "eur"}).id
    PaymentAttempt.objects.update(provider_ref=ref)

    assert noticed(run, ref).state == Job.State.DONE
    attempt.refresh_from_db()
    assert attempt.state == "requested"
    assert bank.payments.payment_intents.retrieve(ref).status == "requires_payment_method"
    assert left_of(open_shop["lantern"]) == 3
