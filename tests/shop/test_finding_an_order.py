"""A guest finds an order again: one answer for everybody, and a link that only its mailbox gets."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import requests
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from deferral.models import Job
from deferral.names import new_tag
from deferral.relay.expansion import expand_events
from notifications.models import SentMail
from orders.models import Order
from shop.models import OrderLink, Product
from shop.order_links import asking
from tests.deferral.bench import deliver
from tests.rig.running_sandbox import Sandbox
from tests.shop.buying import placed

pytestmark = pytest.mark.django_db(transaction=True)
LINK = re.compile(r"http://[^/\s]+(/orders/found/[\w-]+/)")
# What a statement is about, as psycopg writes it.
VALUES = re.compile(r"'[^']*'(::\w+)?|\b(true|false)\b|\d+")


@pytest.fixture(autouse=True)
def _really_sent(sandbox_process: Sandbox, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "notifications.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sandbox_process.smtp_port


@pytest.fixture
def limits(settings: Settings) -> None:
    settings.RATE_LIMITS = True


@pytest.fixture
def order(open_shop: dict[str, Product]) -> Order:
    """Of a mailbox that is nobody's before this test."""
    made = placed((open_shop["slow-swell"], 1))
    Order.objects.filter(pk=made.pk).update(email=f"{new_tag()}@find.example.org")
    made.refresh_from_db()
    return made


def ask(number: str, address: str, visitor: Client | None = None) -> Any:
    return (visitor or Client()).post("/orders/find/", {"number": number, "email": address})


def work_off() -> None:
    expand_events()
    for job in Job.objects.filter(task="notifications.send_order_link", state="pending"):
        deliver(job)


def newest_mail(sandbox: Sandbox, address: str) -> str:
    newest = max(mail["id"] for mail in sandbox.mails(address))
    found = requests.get(f"{sandbox.inbox}/api/messages/{newest}", timeout=15).json()
    return str(found["text"])


@pytest.fixture
def found(order: Order, sandbox_process: Sandbox) -> Callable[[], str]:
    """Ask, and read the newest link's path in the mailbox."""

    def ask_and_read() -> str:
        ask(order.number, order.email)
        work_off()
        return str(LINK.findall(newest_mail(sandbox_process, order.email))[0])

    return ask_and_read


@pytest.mark.parametrize("typed", ["{}", " h {} ", "#{}", "H-{}"])
def test_one_click_shows_the_order_in_any_browser(
    order: Order, sandbox_process: Sandbox, typed: str
) -> None:
    ask(typed.format(order.number.removeprefix("H-")), order.email.upper())
    work_off()
    link = LINK.findall(newest_mail(sandbox_process, order.email))[0]
    telephone = Client()

    assert telephone.post(link)["Location"] == f"/orders/{order.number}/"
    assert telephone.get(f"/orders/{order.number}/").status_code == 200


def test_following_the_link_shows_and_changes_nothing(
    order: Order, found: Callable[[], str]
) -> None:
    link, scanner = found(), Client()
    page = scanner.get(link)

    assert b"One click" in page.content
    assert order.number not in page.content.decode()
    assert scanner.get(f"/orders/{order.number}/").status_code == 404


def test_a_scanner_that_presses_takes_nothing_away(order: Order, found: Callable[[], str]) -> None:
    link = found()
    Client().post(link)

    assert Client().post(link)["Location"] == f"/orders/{order.number}/"


def test_another_site_cannot_press_it(found: Callable[[], str]) -> None:
    assert Client(enforce_csrf_checks=True).post(found()).status_code == 403


def test_after_an_hour_the_link_is_over(found: Callable[[], str]) -> None:
    link = found()
    OrderLink.objects.update(expires_at=F("expires_at") - timedelta(hours=1))

    assert Client().post(link).status_code == 404
    assert b"This link is over" in Client().get(link).content


def test_a_repeated_mail_has_a_new_link_and_ends_the_first(
    order: Order, found: Callable[[], str], sandbox_process: Sandbox
) -> None:
    first = found()
    Job.objects.filter(task="notifications.send_order_link").update(state="pending")
    SentMail.objects.all().delete()  # as if we had died before we wrote it down
    work_off()
    mails = sandbox_process.mails(order.email)
    assert len({mail["message_id"] for mail in mails}) == len(mails) == 2

    assert Client().post(first).status_code == 404


def test_an_order_that_was_readdressed_meanwhile_is_shown_to_nobody(
    order: Order, found: Callable[[], str]
) -> None:
    link = found()
    Order.objects.filter(pk=order.pk).update(email="another@find.example.org")

    assert Client().post(link).status_code == 404


@pytest.mark.parametrize("wrong", ["number", "address"])
def test_who_knows_only_one_of_both_has_no_mail_sent(
    order: Order, sandbox_process: Sandbox, wrong: str
) -> None:
    number = "H-1" if wrong == "number" else order.number
    address = order.email if wrong == "number" else f"{new_tag()}@find.example.org"
    ask(number, address)
    work_off()

    assert sandbox_process.mails(address) == sandbox_process.mails(order.email) == []
    assert Job.objects.get(task="notifications.send_order_link").state == "done"


def answer_to(number: str, address: str) -> tuple[Any, ...]:
    """Everything of an answer and of what it cost."""
    visitor = Client()
    with CaptureQueriesContext(connection) as asked_for:
        answer = ask(number, address, visitor)
    headers = {name: value for name, value in answer.items() if name != "Expires"}  # a time
    statements = [VALUES.sub("?", query["sql"]) for query in asked_for]
    return answer.status_code, answer.content, headers, dict(answer.cookies), statements


@pytest.mark.usefixtures("limits")
def test_bytes_headers_cookies_and_statements_are_the_same_for_everybody(order: Order) -> None:
    asked = [(order.number, order.email), (order.number, "nobody@find.example.org")]
    first, *others = [answer_to(*each) for each in [*asked, ("H-1", order.email), ("7", "a@b.de")]]

    assert all(other == first for other in others)


@pytest.mark.usefixtures("limits")
def test_who_asks_too_often_gets_the_same_answer_and_no_mail(
    order: Order, sandbox_process: Sandbox
) -> None:
    answers = [answer_to(order.number, order.email) for _ in range(7)]
    work_off()

    assert answers[6] == answers[0]
    assert OrderLink.objects.filter(limited=True).count() == 2
    assert len(sandbox_process.mails(order.email)) == 5


@pytest.mark.usefixtures("limits")
def test_looking_for_orders_keeps_nobody_from_logging_in(order: Order) -> None:
    for _ in range(6):
        ask(order.number, order.email)
    Client().post("/login/", {"email": order.email})
    expand_events()

    assert Job.objects.filter(task="notifications.send_login_link").count() == 1


def test_a_mail_that_is_late_by_more_than_an_hour_is_not_sent(
    order: Order, sandbox_process: Sandbox
) -> None:
    ask(order.number, order.email)
    OrderLink.objects.update(asked_at=timezone.now() - timedelta(minutes=61))
    work_off()

    assert sandbox_process.mails(order.email) == []


def test_the_secret_stands_nowhere_but_in_the_mail(
    found: Callable[[], str], caplog: pytest.LogCaptureFixture
) -> None:
    link = found()
    Client().get(link)
    secret = link.split("/")[3]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608 - names of our tables
            assert secret not in "\n".join(row[0] for row in cursor.fetchall()), table
    assert secret not in caplog.text


def test_requests_leave_after_a_day(order: Order) -> None:
    for _ in range(2):
        ask(order.number, order.email)
    OrderLink.objects.filter(pk=OrderLink.objects.earliest("pk").pk).update(
        asked_at=timezone.now() - timedelta(hours=25)
    )

    assert asking.forget_order_links() == 1
    assert OrderLink.objects.count() == 1


@pytest.mark.parametrize(("number", "address"), [("", "a@b.de"), ("H-1", "no"), ("\0", "a@b.de")])
def test_what_makes_no_sense_is_refused_with_a_sentence(number: str, address: str) -> None:
    assert ask(number, address).status_code in {400, 422}
    assert not OrderLink.objects.exists()


def test_its_pages_are_kept_by_nobody(found: Callable[[], str]) -> None:
    page = Client().get(found())

    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "same-origin"
