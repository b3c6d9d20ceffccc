"""An SMS when a shipment is sent: once, to who gave a number, whatever its provider answers."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from deferral.events import publish
from deferral.models import Breaker, Job
from notifications.models import SentSms
from orders.events import ShipmentSent
from orders.models import Order, Shipment
from shop.models import Product
from shop.seeding import seed_catalogue
from tests.contact.writing import work_off
from tests.orders.buying import placed
from tests.rig.running_sandbox import Sandbox
from tests.shop.buying import buy, fill_cart, form_values, order_of

pytestmark = pytest.mark.django_db(transaction=True)
TASK = "notifications.send_shipment_sms"
NUMBER = "+4915123456789"


@pytest.fixture(autouse=True)
def _sms(sandbox: Sandbox, settings: Settings) -> None:
    settings.SMS_URL, settings.SMS_KEY = f"{settings.SANDBOX}/sms", "sandbox"


@pytest.fixture
def order() -> Order:
    return paid(phone=NUMBER)


def paid(**changes: str) -> Order:
    order, _ = placed(**changes)
    Order.objects.filter(pk=order.pk).update(state=Order.State.PAID)
    return order


def leaves(order: Order, name: str = "P-1") -> Shipment:
    facts = {"state": Shipment.State.ON_ITS_WAY, "since": timezone.now()}
    shipment, _ = Shipment.objects.get_or_create(
        order=order, supplier="warehouse", name=name, defaults=facts
    )
    with transaction.atomic():
        publish(ShipmentSent(order_id=order.pk, shipment_id=shipment.pk), subject=order.subject)
    return shipment


def the_job() -> Job:
    return Job.objects.get(task=TASK)


def book(sandbox: Sandbox, order: Order) -> list[str]:
    return [one["words"] for one in sandbox.get("/sms.json") if order.number in one["words"]]


def test_who_gave_a_number_is_told_once_and_in_one_segment(order: Order, sandbox: Sandbox) -> None:
    leaves(order)
    leaves(order)
    work_off(TASK)

    [words] = book(sandbox, order)
    assert "on its way" in words
    sent = SentSms.objects.get()
    assert (sent.number, sent.text, sent.segments) == (NUMBER, words, 1)
    assert sent.name.startswith("sms_")


def test_two_shipments_are_two_sms(order: Order, sandbox: Sandbox) -> None:
    leaves(order)
    leaves(order, "P-2")
    work_off(TASK)

    assert len(book(sandbox, order)) == 2


def test_who_gave_no_number_is_told_nothing() -> None:
    leaves(paid())
    work_off("nothing")

    assert not Job.objects.filter(task=TASK).exists()


def test_nobody_sends_sms(order: Order, settings: Settings) -> None:
    settings.SMS_URL = ""
    leaves(order)
    work_off("nothing")

    assert not Job.objects.filter(task=TASK).exists()


@pytest.mark.parametrize("change", ["called off", "a day old"])
def test_what_is_pointless_is_not_sent(order: Order, sandbox: Sandbox, change: str) -> None:
    leaves(order)
    work_off("nothing")
    if change == "called off":
        Order.objects.update(state=Order.State.CANCELLED)
    else:
        Job.objects.update(created_at=timezone.now() - timedelta(days=1, minutes=1))
    work_off(TASK)

    assert the_job().state == "done"
    assert not book(sandbox, order)


@pytest.mark.parametrize(
    "change", [{"state": "delivered"}, {"state": "lost"}, {"state": "packed"}, {"excess": True}]
)
def test_a_parcel_that_is_not_on_its_way_is_not_told_of(
    order: Order, sandbox: Sandbox, change: dict[str, Any]
) -> None:
    leaves(order)
    work_off("nothing")
    Shipment.objects.update(**change)
    work_off(TASK)

    assert the_job().state == "done"
    assert not book(sandbox, order)


def test_a_service_that_is_named_no_more_is_not_called(order: Order, settings: Settings) -> None:
    leaves(order)
    work_off("nothing")
    settings.SMS_URL = ""
    work_off(TASK)

    assert the_job().state == "done"
    assert not SentSms.objects.exists()


def test_a_lost_answer_is_one_sms(order: Order, sandbox: Sandbox) -> None:
    sandbox.fault("sms", mode="lost-reply")
    leaves(order)
    work_off(TASK)
    assert the_job().state == "pending"
    sandbox.fault("sms", mode="ok")
    Job.objects.update(next_at=timezone.now())
    work_off(TASK)

    assert the_job().state == "done"
    assert len(book(sandbox, order)) == 1


@pytest.mark.parametrize("mode", ["garbage", "200-error", "503"])
def test_a_success_that_does_not_say_so_is_tried_again(
    order: Order, sandbox: Sandbox, mode: str
) -> None:
    sandbox.fault("sms", mode=mode)
    leaves(order)
    work_off(TASK)

    job = the_job()
    assert (job.state, job.attempts) == ("pending", 1)
    assert NUMBER not in str(job.errors)
    assert not SentSms.objects.exists()


def test_a_number_that_nobody_has_is_no_dead_letter(order: Order, sandbox: Sandbox) -> None:
    sandbox.fault("sms", mode="unknown-number")
    leaves(order)
    work_off(TASK)

    assert the_job().state == "done"
    assert not SentSms.objects.exists()


def test_without_credit_one_asks_and_all_others_wait(order: Order, sandbox: Sandbox) -> None:
    sandbox.fault("sms", mode="no-credit")
    leaves(order)
    leaves(order, "P-2")
    work_off(TASK)

    attempts = sorted(Job.objects.filter(task=TASK).values_list("attempts", flat=True))
    assert attempts == [0, 1]
    open_until = Breaker.objects.get(name="SMS").open_until
    assert open_until is not None
    assert open_until > timezone.now() + timedelta(minutes=9)


def test_a_key_that_is_refused_is_a_dead_letter(order: Order, sandbox: Sandbox) -> None:
    sandbox.fault("sms", mode="400")
    leaves(order)
    work_off(TASK)

    assert the_job().state == "dead"


def test_the_checkout_keeps_a_number_that_may_stay_empty(client: Client, sandbox: Sandbox) -> None:
    seed_catalogue()
    fill_cart(client, slow_swell=1)
    first = order_of(buy(client, phone="0151 23456789"))
    fill_cart(client, slow_swell=1)
    second = order_of(buy(client, phone=""))

    assert (first.phone, second.phone) == (NUMBER, "")


ABROAD = {"country": "AT", "postcode": "1010", "town": "Wien"}


def test_a_number_without_prefix_is_of_the_country_that_it_goes_to(client: Client) -> None:
    seed_catalogue()
    fill_cart(client, slow_swell=1)

    assert order_of(buy(client, phone="0664 1234567", **ABROAD)).phone == "+436641234567"


@pytest.mark.parametrize("typed", ["0900 1234567", "030 12345678", f"0151 23456789 {'0' * 40}"])
def test_what_no_sms_may_go_to_is_refused_with_a_sentence(client: Client, typed: str) -> None:
    seed_catalogue()
    fill_cart(client, slow_swell=1)
    answer = buy(client, phone=typed)

    assert answer.status_code == 422
    assert answer.context["form"].errors["phone"]
    assert not Order.objects.exists()


def test_a_number_that_is_none_is_said_and_nothing_typed_is_lost(client: Client) -> None:
    seed_catalogue()
    fill_cart(client, slow_swell=1)
    answer = buy(client, phone="ada")

    assert answer.status_code == 422
    assert answer.context["form"]["phone"].value() == "ada"
    assert not Order.objects.exists()


def test_nobody_is_asked_for_a_number_where_it_is_of_no_use(
    client: Client, settings: Settings
) -> None:
    seed_catalogue()
    settings.SMS_URL = ""
    fill_cart(client, slow_swell=1)
    assert "phone" not in client.get("/checkout/").context["form"].fields

    settings.SMS_URL = f"{settings.SANDBOX}/sms"
    another = Client()
    fill_cart(another, **{download().slug.replace("-", "_"): 1})
    assert "phone" not in another.get("/checkout/").context["form"].fields
    assert "phone" not in form_values(another)


def download() -> Product:
    found = Product.objects.filter(category="download").first()
    assert found is not None
    return found
