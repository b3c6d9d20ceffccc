"""What each role may do in the admin, and what it may not, also by address."""

import inspect
import itertools

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.test import Client
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from accounts.models import User
from config.celery import app
from deferral.models import Event, Intervention, Job
from deferral.registry import TASKS
from orders.models import Order
from reports.models import Ticket
from tests.deferral.staff import MODEL_BACKEND, a_dead_job
from tests.orders.buying import paid

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive]

LISTS = (
    "orders/order",
    "orders/paymentattempt",
    "orders/return",
    "shop/product",
    "shop/reservation",
    "reviews/review",
    "reports/document",
    "reports/ticket",
    "audit/auditentry",
    "notifications/sentmail",
    "notifications/campaign",
    "notifications/recipient",
    "notifications/subscription",
    "notifications/suppression",
    "webhooks/endpoint",
    "webhooks/delivery",
    "deferral/event",
    "deferral/job",
    "deferral/job/dead-letters",
    "deferral/job/time-per-task",
    "deferral/queue",
    "deferral/worker",
    "deferral/intervention",
)
DECISIONS = ("cancel", "refund", "resend", "readdress")
ROLES = ("reader", "support", "marketing", "operator")
# The tests' own tasks that a schedule may name.
OURS = {"bench.work", "probes.behave"}
JOBS = "/admin/deferral/job/"
SCHEDULES = "/admin/django_celery_beat/periodictask/"
_numbers = itertools.count(1)


def somebody(*roles: str) -> Client:
    """Staff in these groups, as `migrate` has made them, and with no other right."""
    user = User.objects.create(email=f"role{next(_numbers)}@example.org", is_staff=True)
    user.groups.set(Group.objects.filter(name__in=roles))
    client = Client()
    client.force_login(user, MODEL_BACKEND)
    return client


def settle(who: Client, job: Job, verb: str) -> str:
    """What became of a dead job that somebody tried to replay or discard."""
    data = {"action": verb, "_selected_action": [job.pk], "confirmed": "1", "count": 1}
    who.post(JOBS, data | {"reason": "a test"})
    return Job.objects.get(pk=job.pk).state


def schedule() -> PeriodicTask:
    """Something that happens every day."""
    daily = IntervalSchedule.objects.create(every=1, period="days")
    return PeriodicTask.objects.create(name="sweep", task="deferral.sweep", interval=daily)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("page", ["", *(f"{name}/" for name in LISTS)])
def test_every_role_sees_everything(role: str, page: str) -> None:
    assert somebody(role).get(f"/admin/{page}").status_code == 200


@pytest.mark.parametrize("page", LISTS)
def test_staff_without_a_role_see_nothing(page: str) -> None:
    assert somebody().get(f"/admin/{page}/").status_code == 403


@pytest.mark.parametrize("what", DECISIONS)
def test_support_decides_about_orders(what: str) -> None:
    order = paid()
    before = decided()

    terms = {"reason": "asked", "amount": "40.90", "seen": "0", "email": "b@example.org"}
    somebody("support").post(f"/admin/orders/order/{order.pk}/decide/{what}/", terms)

    assert decided() > before


def decided() -> int:
    return Intervention.objects.count()


@pytest.mark.parametrize("what", DECISIONS)
@pytest.mark.parametrize("role", ["reader", "operator"])
def test_nobody_else_decides_about_orders(role: str, what: str) -> None:
    order, who = paid(), somebody(role)
    before = Event.objects.count()
    page = f"/admin/orders/order/{order.pk}/decide/{what}/"

    assert who.get(page).status_code == 403
    assert who.post(page, {"reason": "asked"}).status_code == 403
    assert "/decide/" not in who.get(f"/admin/orders/order/{order.pk}/change/").content.decode()
    assert Event.objects.count() == before


@pytest.mark.parametrize(("verb", "state"), [("replay", "pending"), ("discard", "discarded")])
def test_an_operator_settles_dead_letters(verb: str, state: str) -> None:
    assert settle(somebody("operator"), a_dead_job(), verb) == state


@pytest.mark.parametrize("verb", ["replay", "discard"])
@pytest.mark.parametrize("role", ["reader", "support"])
def test_others_see_dead_letters_and_leave_them(role: str, verb: str) -> None:
    dead, who = a_dead_job(), somebody(role)

    assert settle(who, dead, verb) == "dead"
    for page in (JOBS, f"{JOBS}dead-letters/", f"{JOBS}{dead.pk}/change/"):
        assert 'value="replay"' not in who.get(page).content.decode()


@pytest.fixture
def ticket() -> Ticket:
    """Of somebody who stands at the door."""
    line = paid().lines.get()
    return Ticket.objects.create(line=line, position=1, code="C0DE", holder="Ada")


@pytest.mark.parametrize("role", ["support", "operator"])
def test_who_lets_somebody_in_is_written_down(role: str, ticket: Ticket) -> None:
    who = somebody(role)
    assert b"Let in" in who.get("/tickets/C0DE/").content
    for _ in range(2):
        who.post("/tickets/C0DE/")

    entry = LogEntry.objects.get()
    assert (entry.object_id, entry.change_message) == (str(ticket.pk), "Let in at the door.")
    assert entry.user.groups.get().name == role
    assert Ticket.objects.get().used_at


@pytest.mark.parametrize("roles", [("reader",), ()])
def test_others_at_the_door_look_on(roles: tuple[str, ...], ticket: Ticket) -> None:
    who = somebody(*roles)

    assert b"Let in" not in who.get("/tickets/C0DE/").content
    assert who.post("/tickets/C0DE/").status_code == 403
    assert not Ticket.objects.get().used_at


@pytest.mark.parametrize("role", ROLES)
def test_nobody_edits_a_ticket_in_the_admin(role: str, ticket: Ticket) -> None:
    page = f"/admin/reports/ticket/{ticket.pk}/change/"

    assert somebody(role).post(page, {"code": "MINE"}).status_code == 403
    assert Ticket.objects.get().code == "C0DE"


def test_an_operator_edits_schedules_and_deletes_none() -> None:
    row, who = schedule(), somebody("operator")

    assert who.get(f"{SCHEDULES}{row.pk}/change/").status_code == 200
    who.post(SCHEDULES, {"action": "disable_tasks", "_selected_action": [row.pk]})
    assert not PeriodicTask.objects.get().enabled
    assert who.post(f"{SCHEDULES}{row.pk}/delete/", {"post": "yes"}).status_code == 403


def test_an_operator_has_nothing_done_by_a_schedule_that_is_not_theirs_to_do() -> None:
    row, who = schedule(), somebody("operator")
    page = who.get(f"{SCHEDULES}{row.pk}/change/").content.decode()
    offered = {name for name in TASKS if f'<option value="{name}"' in page}

    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= offered
    assert not offered & {"orders.refund_payment", "shop.release_stock", "reports.record_audit"}
    assert not any(inspect.signature(TASKS[name].function).parameters for name in offered - OURS)


@pytest.mark.parametrize("role", ["reader", "support"])
def test_others_do_not_touch_schedules(role: str) -> None:
    row, who = schedule(), somebody(role)

    assert who.get(f"{SCHEDULES}{row.pk}/change/").status_code == 403
    assert who.post(SCHEDULES, {"action": "disable_tasks"}).status_code == 403
    assert PeriodicTask.objects.get().enabled


@pytest.mark.parametrize("role", ROLES)
def test_no_role_makes_users_or_edits_what_was_bought(role: str) -> None:
    order, who = paid(), somebody(role)

    assert who.get("/admin/accounts/user/add/").status_code == 403
    assert who.post("/admin/accounts/user/add/", {"email": "mine@example.org"}).status_code == 403
    assert not User.objects.filter(email="mine@example.org").exists()
    assert who.post(f"/admin/orders/order/{order.pk}/delete/", {"post": "yes"}).status_code == 403
    assert who.post("/admin/shop/product/add/", {}).status_code == 403
    assert Order.objects.filter(pk=order.pk).exists()
