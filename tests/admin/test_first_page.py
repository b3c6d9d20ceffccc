"""The admin's first page: what needs somebody, figures, panels; each for who may see it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from deferral.models import Breaker, QueueSample, Shedding
from deferral.pressure import levels
from orders.models import Order
from tests.deferral.staff import a_dead_job, a_job, sitting
from tests.orders.buying import in_state, paid

HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


def text(client: Client, address: str = "") -> str:
    """The page, which must open."""
    answer = client.get(f"/admin/{address}")
    assert answer.status_code == 200
    return answer.content.decode()


def card(page: str, label: str) -> str:
    """The figure under a card's label."""
    found = re.search(rf'card-label">{label}</span> <span class="card-value">([^<]*)<', page)
    assert found is not None, label
    return found[1]


def rows(page: str, heading: str) -> list[list[str]]:
    """The table under a panel's heading, as words."""
    table = page.split(f">{heading}</h2>")[1].split("</section>")[0].split("<tbody>")[1]
    lines = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    cells = (re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.DOTALL) for line in lines)
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in line] for line in cells]


def test_queues_are_counted(relay: None) -> None:
    now = timezone.now()
    for _ in range(30):
        a_job(queue="bulk", next_at=now - timedelta(minutes=3))
    for _ in range(10):
        a_job(queue="bulk", state="done", settled_at=now - timedelta(minutes=1))
    for _ in range(4):
        a_job(queue="bulk", attempts=1, next_at=now + timedelta(minutes=3))

    page = text(sitting(superuser=True))

    assert card(page, "Waiting") == "34"
    assert "30 due now for up to 3\xa0min, 4 for later" in page
    [bulk] = [row for row in rows(page, "Queues") if row[0] == "bulk"]
    assert bulk[1:9] == ["30", "3\xa0min", "4", "0", "0", "2.0", "15\xa0min", "0"]


def test_the_dead_are_told_by_their_cause(relay: None) -> None:
    for _ in range(3):
        a_dead_job("partner answered 410")
    a_dead_job("Bounced")

    page = text(sitting(superuser=True))

    assert card(page, "Dead letters") == "4"
    assert [row[0:3:2] for row in rows(page, "Dead letters by cause")] == [
        ["partner answered 410", "3"],
        ["Bounced", "1"],
    ]


def test_a_service_that_fails_is_named(relay: None) -> None:
    since = timezone.now() - timedelta(hours=2)
    Breaker.objects.create(name="CRM", failing_since=since, message="<b>the CRM</b> is away")
    Breaker.objects.create(
        name="partner",
        failure_kind="silent",
        failing_since=since,
        openings=3,
        open_until=timezone.now() + HOUR,
    )
    Breaker.objects.create(name="warehouse", failing_since=since, failure_kind="unable")
    to_partner = {"task": "webhooks.deliver_webhook", "service": "partner"}
    a_job(**to_partner, next_at=timezone.now() + HOUR)

    found = {row[0]: row for row in rows(text(sitting(superuser=True)), "External services")}

    assert found["CRM"][1].startswith("failing since")
    assert "&lt;b&gt;the CRM" in found["CRM"][1]
    assert found["partner"][1].startswith(f"not answering since {timezone.localtime(since):%H:%M}")
    assert found["partner"][3] == "1"
    assert found["warehouse"][1].startswith("answering with errors since")
    assert found["box office"][1] == "not called yet"


def test_todays_orders_are_drawn_by_the_hour_and_told_in_words() -> None:
    paid()
    paid()
    in_state("payment_failed")
    Order.objects.filter(pk=paid().pk).update(created_at=timezone.now() - timedelta(days=2))

    page = text(sitting(superuser=True))

    assert card(page, "Orders today") == "3"
    assert card(page, "Taken today") == "81.80 EUR"
    assert 'role="img" aria-labelledby="today-title today-desc"' in page
    assert "3 orders were placed, 2 of them paid." in page
    hour = f"{timezone.localtime().hour}:00"
    assert rows(page, "Orders today") == [[hour, "3", "2"]]


def test_nobody_sees_what_is_not_theirs() -> None:
    a_dead_job("Bounced")
    seller, engineer, guest = sitting("view_order"), sitting("view_job"), sitting("view_product")

    assert "Orders today" in text(seller)
    assert "Bounced" not in text(seller)
    assert "Bounced" in text(engineer)
    assert "Orders today" not in text(engineer)
    assert 'class="card' not in text(guest)


@pytest.mark.parametrize("page", ["", "deferral/job/", "deferral/job/time-per-task/"])
def test_the_skin_is_ours_and_needs_no_inline_style_or_script(page: str) -> None:
    shown = text(sitting(superuser=True), page)

    assert "halyard_admin/admin.css" in shown
    assert " style=" not in shown
    assert "<style" not in shown
    assert not re.search(r"<script(?![^>]*src=)[^>]*>\s*\S", shown)


def test_every_page_says_in_which_zone_its_times_are() -> None:
    staff = sitting(superuser=True)

    for page in ("", "deferral/job/", "orders/order/"):
        assert f"Times are {timezone.localtime():%Z}" in text(staff, page)


def test_how_far_behind_is_told_drawn_and_what_is_done_about_it(relay: None) -> None:
    QueueSample.objects.create(
        queue="partners", waiting=900, per_second=2, oldest=90, load=450, level=2
    )
    Shedding.objects.create(queue="analytics", minute=timezone.now(), shed=1_234, refused=0)
    Shedding.objects.create(queue="bulk", minute=timezone.now(), shed=0, refused=1)
    levels.forget()

    page = text(sitting(superuser=True))

    found = {row[0]: row[1:3] + row[4:] for row in rows(page, "How far behind")}
    assert found == {
        "critical": ["green", "0", "nothing"],
        "mail": ["green", "0", "nothing"],
        "partners": ["red", "8\xa0min", "nothing"],
        "bulk": ["green", "0", "1 request"],
        "analytics": ["green", "0", "1,234 jobs"],
        "mailings": ["green", "0", "nothing"],
        "background": ["green", "0", "nothing"],
        "media": ["green", "0", "nothing"],
    }
    assert 'aria-label="partners in the last hour: at most 8\xa0min behind"' in page
    assert (
        "of bulk, analytics, mailings, media and background only one job in 10 that may be shed is "
        "kept"
    ) in page
    assert "low-priority queues are given one job a second" in page
    assert "what would bring much more at once is refused" in page
