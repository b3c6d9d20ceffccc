"""An account is deleted: what the law keeps stays under a pseudonym, and nothing else."""

import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts import personal_data
from accounts.deletion import carrying_out
from accounts.deletion.asking import ask_for_deletion, take_back_deletion
from accounts.login_links.asking import prepare_mail
from accounts.models import AccountDeletion, LoginLink, Session, User
from contact.models import Call, Message
from contact.selectors import message_by_id
from deferral.errors import NotAllowed
from deferral.models import Event, Job
from deferral.relay.expansion import expand_events
from notifications.models import Recipient
from orders.models import Order, PaymentAttempt, Return, Shipment
from orders.personal import NAMELESS
from reports.models import Document, Ticket
from reviews.models import Review
from shop import fresh_login
from shop.models import Product
from shop.seeding import seed_catalogue
from tests.accounts.somebody import (
    ADDRESS,
    DELETE,
    NAME,
    NUMBER,
    PARCEL,
    ROAD,
    a_customer,
    asked,
    carry_out,
    where_it_stands,
)
from tests.rig.racing import at_once
from tests.rig.running_sandbox import Sandbox
from tests.shop.buying import own

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _files_of_this_test(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def _crm(sandbox: Sandbox) -> Sandbox:
    """It is told, too."""
    return sandbox


@pytest.fixture
def zoe(transactional_db: None) -> User:
    """Of whom every app keeps something."""
    seed_catalogue()
    return a_customer({product.slug: product for product in Product.objects.all()})


def logged_in(user: User, *, fresh: bool = True) -> Client:
    client = Client()
    client.force_login(user)
    if fresh:
        session = client.session
        session[fresh_login.PROVEN_AT] = timezone.now().timestamp()
        session.save()
    return client


def test_nothing_of_a_person_is_left_in_any_table(zoe: User) -> None:
    assert len(where_it_stands(ADDRESS)) > 10  # else nothing is looked for here
    asked(zoe)
    job = carry_out()

    assert job.state == "done", job.errors
    assert where_it_stands(ADDRESS) == where_it_stands(NAME) == []
    assert where_it_stands(NUMBER) == where_it_stands(ROAD) == where_it_stands(PARCEL) == []


def test_what_drafts_cost_stays(zoe: User) -> None:
    asked(zoe)
    carry_out()

    assert not Message.objects.exists()
    assert Call.objects.get().cost == 5


def test_nobody_outside_is_told_to_forget_while_a_worker_has_a_message(
    zoe: User, sandbox: Sandbox
) -> None:
    facts = {"subject": Message.objects.get().subject, "queue": "partners"}
    told = Job.objects.create(key="crm:x", task="x", state="running", **facts)
    deletion = asked(zoe)
    assert carry_out().state == "pending"
    assert deletion.key not in str(sandbox.get("/ledger.json")["crm"])
    assert message_by_id(Message.objects.get().pk) is None  # who looks now is told of nobody
    Job.objects.filter(pk=told.pk).update(state="done")

    assert carry_out().state == "done"
    assert not Message.objects.exists()


def test_it_waits_for_a_mail_about_a_message(zoe: User) -> None:
    facts = {"subject": Message.objects.get().subject, "queue": "mail", "task": "x"}
    Job.objects.create(key="contact_staff:x", **facts)
    asked(zoe)

    assert carry_out().state == "pending"
    assert "mail" in AccountDeletion.objects.get().waits_for


def test_what_the_law_keeps_stays(zoe: User) -> None:
    sums = list(Order.objects.order_by("pk").values_list("number", "total_cents", "tax_cents"))
    refs = list(PaymentAttempt.objects.order_by("pk").values_list("provider_ref", "amount_cents"))
    asked(zoe)
    carry_out()

    orders = Order.objects.order_by("pk")
    assert list(orders.values_list("number", "total_cents", "tax_cents")) == sums
    payments = PaymentAttempt.objects.order_by("pk")
    assert list(payments.values_list("provider_ref", "amount_cents")) == refs
    assert Document.objects.get(kind="receipt").read() == NAME.encode()
    assert {order.name for order in orders} == {NAMELESS}
    assert len({order.email for order in orders}) == 1


def test_tickets_let_in_without_a_name_and_their_files_are_gone(zoe: User) -> None:
    asked(zoe)
    carry_out()

    ticket = Ticket.objects.get()
    assert (ticket.validity, ticket.holder) == ("valid", NAMELESS)
    assert Document.objects.get(kind="ticket").forgotten_at


def test_a_shown_review_stays_as_nobodys(zoe: User) -> None:
    asked(zoe)
    carry_out()

    assert (Review.objects.get().name, Review.objects.get().stars) == ("", 4)


def test_a_mailing_that_was_still_to_be_sent_is_not(zoe: User) -> None:
    asked(zoe)
    carry_out()

    assert sorted(Recipient.objects.values_list("state", flat=True)) == ["sent", "skipped"]


def test_who_opens_its_orders_by_cookie_or_link_sees_none(zoe: User) -> None:
    orders = list(Order.objects.all())
    browser = own(Client(), *orders)
    asked(zoe)
    carry_out()

    for order in orders:
        assert browser.get(f"/orders/{order.number}/").status_code == 404
        link = f"/orders/{order.number}/?token={order.link_token}"
        assert Client().get(link).status_code == 404


@pytest.mark.parametrize("at", range(7))
def test_killed_at_any_step_it_goes_on(zoe: User, at: int) -> None:
    """An error stands for the death: what was committed stays, what was open is rolled back."""
    asked(zoe)
    seen = 0

    def dies(name: str) -> None:
        nonlocal seen
        seen += name == "part_erased"
        if seen == at + 1:
            raise OSError(name)

    with mock.patch.object(carrying_out, "crashpoint", dies):
        carry_out()
    assert carry_out().state == "done"

    assert where_it_stands(ADDRESS) == where_it_stands(NAME) == []


def test_the_crm_is_told_last_and_holds_nothing_up(zoe: User, sandbox: Sandbox) -> None:
    deletion = asked(zoe)
    sandbox.fault("crm", mode="503")
    assert carry_out().state == "pending"
    assert not Order.objects.exclude(name=NAMELESS).exists()
    sandbox.fault("crm", mode="ok")

    assert carry_out().state == "done"
    told = [row for row in sandbox.get("/ledger.json")["crm"] if row["effect"] == "forgotten"]
    assert [row["accepted"] for row in told if row["key"] == f"{deletion.key}:crm"] == [1]


def test_others_keep_everything(zoe: User) -> None:
    other = Order.objects.latest("pk")
    Order.objects.filter(pk=other.pk).update(email="bob@example.org", name="Bob")
    asked(zoe)
    carry_out()

    other.refresh_from_db()
    assert (other.name, other.email) == ("Bob", "bob@example.org")
    assert User.objects.filter(is_staff=True).exists()


def test_asking_ends_sessions_and_login_mails_at_once(zoe: User) -> None:
    browser, other = logged_in(zoe), logged_in(zoe)
    LoginLink.objects.update(secret="s", code="c")
    answer = browser.post("/account/delete/", {"email": ADDRESS.upper()})

    assert answer["Location"] == "/account/delete/asked/"
    assert other.get("/account/").status_code == browser.get("/account/").status_code == 302
    assert not Session.objects.exists()
    assert not LoginLink.objects.exclude(secret="").exists()
    assert User.objects.get(pk=zoe.pk).is_active


@pytest.mark.parametrize("typed", ["", "bob@example.org", "yes"])
def test_another_word_than_the_address_deletes_nothing(zoe: User, typed: str) -> None:
    assert logged_in(zoe).post("/account/delete/", {"email": typed}).status_code == 422
    assert not AccountDeletion.objects.exists()


def test_who_logged_in_long_ago_logs_in_once_more(zoe: User) -> None:
    page = logged_in(zoe, fresh=False).post("/account/delete/", {"email": ADDRESS})

    assert b"log in once more" in page.content
    assert not AccountDeletion.objects.exists()


def test_it_is_not_begun_before_its_days_are_over(zoe: User) -> None:
    ask_for_deletion(user_id=zoe.pk)

    assert carry_out().state == "pending"
    assert AccountDeletion.objects.get().state == "asked"
    assert User.objects.get(pk=zoe.pk).is_active


def test_it_can_be_taken_back_from_the_account(zoe: User) -> None:
    ask_for_deletion(user_id=zoe.pk)
    browser = logged_in(zoe)
    assert b"Keep my account" in browser.get("/account/").content
    browser.post("/account/keep/")
    AccountDeletion.objects.update(due_at=timezone.now())

    assert carry_out().state == "done"
    assert User.objects.get(pk=zoe.pk).is_active
    assert b"Keep my account" not in browser.get("/account/").content


def test_once_it_has_begun_nobody_takes_it_back_and_nobody_logs_in(zoe: User) -> None:
    asked(zoe)
    with mock.patch.object(carrying_out, "_erase", side_effect=OSError("killed")):
        carry_out()

    assert not take_back_deletion(user_id=zoe.pk)
    assert not User.objects.get(pk=zoe.pk).is_active
    Client().post("/login/", {"email": ADDRESS})
    assert prepare_mail(link_id=LoginLink.objects.latest("pk").pk) is None


def test_of_two_who_ask_at_once_one_does(zoe: User) -> None:
    found = at_once(*[partial(ask_for_deletion, user_id=zoe.pk)] * 3)

    assert len({one.pk for one in found}) == 1
    assert Event.objects.filter(type="accounts.account_deletion_asked").count() == 1


UNDER_WAY: dict[str, Callable[[Order], Any]] = {
    "paid lately": lambda order: Order.objects.filter(pk=order.pk).update(paid_at=timezone.now()),
    "placed now": lambda order: Order.objects.filter(pk=order.pk).update(created_at=timezone.now()),
    "unpaid": lambda order: Order.objects.filter(pk=order.pk).update(state="payment_unknown"),
    "sent back": lambda order: Return.objects.create(
        order=order, asked_key=uuid.uuid4(), reason="other"
    ),
    "on its way": lambda order: Shipment.objects.create(
        order=order, supplier="warehouse", name="P-9", state="on_its_way", since=timezone.now()
    ),
    "worked on": lambda order: Job.objects.create(
        key="x", subject=order.subject, task="orders.keep_summaries", queue="bulk", state="paused"
    ),
}


@pytest.mark.parametrize("why", UNDER_WAY)
def test_it_waits_for_an_order_under_way_and_says_so(zoe: User, why: str) -> None:
    order = Order.objects.latest("pk")
    UNDER_WAY[why](order)
    asked(zoe)

    assert carry_out().state == "pending"
    assert order.number in AccountDeletion.objects.get().waits_for
    assert order.number in logged_in(zoe).get("/account/").content.decode()


def test_what_is_ordered_while_it_is_carried_out_is_a_guests(zoe: User) -> None:
    asked(zoe)
    later: list[Order] = []

    def ordered(name: str) -> None:
        if name == "part_erased" and not later:
            copy = Order.objects.latest("pk")
            copy.pk, copy.number, copy.checkout_key = None, "H-999999999", uuid.uuid4()
            copy.created_at, copy.email = timezone.now(), ADDRESS
            copy.save()
            later.append(copy)

    with mock.patch.object(carrying_out, "crashpoint", ordered):
        assert carry_out().state == "done"

    assert Order.objects.get(number="H-999999999").email == ADDRESS


def test_who_logs_in_afterwards_has_a_new_account(zoe: User) -> None:
    asked(zoe)
    carry_out()
    user = User.objects.create_user(ADDRESS)

    assert b"Nothing was ordered" in logged_in(user).get("/account/").content


def test_staff_do_not_delete_themselves(zoe: User) -> None:
    staff = User.objects.get(is_staff=True)

    with pytest.raises(NotAllowed):
        ask_for_deletion(user_id=staff.pk)
    assert logged_in(staff).get("/account/delete/").status_code == 302


def test_parts_go_from_the_top_down() -> None:
    names = list(personal_data.parts())

    assert names.index("reviews") < names.index("orders") < names.index("accounts")


def test_the_owner_is_told_by_mail(zoe: User) -> None:
    ask_for_deletion(user_id=zoe.pk)
    expand_events()

    assert Job.objects.filter(task="notifications.tell_of_deletion").count() == 1
    assert Job.objects.get(task=DELETE).state == "pending"
