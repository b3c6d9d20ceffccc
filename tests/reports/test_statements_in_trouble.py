"""Statements where something is odd or fails: nothing is lost, nothing is twice, all is told."""

import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.db import connection, transaction
from django_celery_beat.models import PeriodicTask

from deferral.ledger.control import cancel_job
from deferral.ledger.dead_letters import discard_jobs
from deferral.models import Event, Job
from deferral.relay.expansion import expand_events
from deferral.schedules.scheduler import Scheduler
from launcher.servers.process import wait_for
from orders.models import Order
from reports.models import Statement, StatementFile, StatementRun
from reports.statements.status import status_of
from reports.statements.telling import tell_if_mended
from tests.reports.months import asked, at, bought, made, paid_back, replay_dead, work, work_all
from tests.reports.paid_orders import opened

pytestmark = pytest.mark.django_db(transaction=True)
NOVEMBER = at(2026, 11, 10, 12)


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("Jörg Müller", "jo@xn--strae-oqa.example"),
        ("ㅤ\u200b", "ada@example\u200f.com"),
        ("\u202eadA", "ada@straße.example"),
        ("محمد بن عبد الله 🦞 " * 9, "İ" * 200 + "@example.org"),
        ("$#[*_<b>", '"a b"@example.org'),
        ("x" * 200, ""),
    ],
)
def test_whatever_a_customer_is_called_there_is_a_statement(name: str, email: str) -> None:
    bought(NOVEMBER, email, name=name)

    run = made("2026-11")

    assert status_of(run).words == "1 made"
    assert opened(run.statements.get().file.read()).pages


def test_two_who_ask_at_once_have_asked_for_one_month() -> None:
    bought(NOVEMBER)
    start, found = threading.Barrier(4), list[StatementRun]()

    def ask() -> None:
        start.wait()
        found.append(asked("2026-11"))
        connection.close()

    racers = [threading.Thread(target=ask) for _ in range(4)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    expand_events()

    assert len({run.pk for run in found}) == 1
    assert Job.objects.filter(task="reports.make_statements").count() == 1


def test_the_schedule_makes_what_was_missed_and_a_second_tick_is_nothing() -> None:
    bought(at(2026, 9, 30), created_at=at(2026, 9, 30))
    beat(at(2026, 11, 20))
    beat(at(2026, 12, 1, 4, 15, 30))
    work_all()
    before = sorted(Job.objects.values_list("key", flat=True))
    months = [run.name for run in StatementRun.objects.order_by("month")]
    # Never a month that is not over by the real clock, whatever beat is told.
    assert months[:2] == ["2026-09", "2026-10"]

    work(again("reports.ask_for_statements"))
    expand_events()
    work_all()

    assert [run.name for run in StatementRun.objects.order_by("month")] == months
    assert sorted(Job.objects.values_list("key", flat=True)) == sorted([*before, "again"])


def beat(now: datetime) -> None:
    """It looks once, at this schedule alone."""
    Scheduler(app=current_app).run_once(now.astimezone(UTC))
    PeriodicTask.objects.exclude(task="reports.ask_for_statements").delete()
    Job.objects.exclude(task="reports.ask_for_statements").delete()


def again(task: str) -> Job:
    return Job.objects.create(key="again", subject="schedule:again", task=task, queue="bulk")


def test_while_the_storage_takes_nothing_all_waits_and_nothing_is_told(
    settings: Any, tmp_path: Path
) -> None:
    bought(NOVEMBER)
    whole, wall = settings.MEDIA_ROOT, tmp_path / "wall"
    wall.write_text("no folder")
    settings.MEDIA_ROOT = wall / "media"
    run = asked("2026-11")
    for _ in range(2):
        for job in Job.objects.filter(state="pending"):
            work(job)

    run.refresh_from_db()
    assert (run.told_at, status_of(run).made) == (None, 0)
    assert set(Job.objects.values_list("state", flat=True)) == {"pending", "waiting"}
    settings.MEDIA_ROOT = whole
    work_all()
    assert status_of(run).words == "1 made"


def test_what_staff_give_up_needs_somebody_for_ever_and_holds_nothing_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bought(NOVEMBER)

    def broken(_statement: Statement) -> dict[str, Any]:
        raise ZeroDivisionError

    monkeypatch.setattr("reports.statements.writing.statement_on_paper", broken)
    run = asked("2026-11")
    work_all()
    dead = Job.objects.filter(state="dead").values_list("pk", flat=True)
    discard_jobs(list(dead), by="eva", reason="wrong address")
    work_all()

    run.refresh_from_db()
    assert run.told_at is not None
    assert status_of(run).words == "0 made, 1 needs somebody"


def test_whatever_was_missing_is_told_once_when_the_last_of_it_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for email in ("ada@example.org", "bob@example.org"):
        bought(NOVEMBER, email)
    with monkeypatch.context() as patch:
        patch.setattr("reports.statements.writing.typeset", lambda *_, **__: 1 / 0)
        run = made("2026-11")
    assert run.missing == 3
    replay_dead()

    run.refresh_from_db()
    assert (run.missing, status_of(run).words) == (0, "2 made")
    mended = Job.objects.filter(key__startswith="statements_mended:")
    assert mended.count() == 1


def test_a_replay_years_later_writes_what_was_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    order = bought(NOVEMBER)
    with monkeypatch.context() as patch:
        patch.setattr("reports.statements.writing.typeset", lambda *_, **__: 1 / 0)
        made("2026-11")
    frozen = Statement.objects.get().content
    paid_back(order, 100, at(2026, 11, 11))
    Order.objects.update(name="Somebody Else")
    replay_dead()

    assert Statement.objects.get().content == frozen
    assert StatementFile.objects.count() == 2


def test_of_two_last_ones_that_are_mended_at_once_the_second_sees_the_first() -> None:
    for email in ("ada@example.org", "bob@example.org"):
        bought(NOVEMBER, email)
    run = made("2026-11")
    StatementFile.objects.exclude(statement=None).delete()
    StatementRun.objects.update(missing=2)
    first, second = run.statements.order_by("id")

    def mend() -> None:
        with transaction.atomic():
            put_file(second)
            tell_if_mended(run)
        connection.close()

    racer = threading.Thread(target=mend)
    with transaction.atomic():
        put_file(first)
        tell_if_mended(run)
        racer.start()
        assert wait_for(somebody_waits, patience=10)
    racer.join()

    assert Event.objects.filter(type="reports.statements_mended").count() == 1
    run.refresh_from_db()
    assert not run.missing


def put_file(statement: Statement) -> None:
    """As if it had just been written."""
    StatementFile.objects.create(run=statement.run, statement=statement, key=statement.key, size=1)


def somebody_waits() -> bool:
    """Whether a statement waits for a row that another has locked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


def test_a_month_whose_job_somebody_cancelled_is_made_when_it_is_asked_for_again() -> None:
    bought(NOVEMBER)
    run = asked("2026-11")
    cancel_job(job_id=Job.objects.get(key=run.key).pk, by="eva", reason="the wrong day")
    work_all()
    assert not StatementFile.objects.exists()

    again = asked("2026-11")
    work_all()
    assert (again.pk, again.tag == run.tag) == (run.pk, False)
    assert Statement.objects.filter(run=run).count() == 1
    assert status_of(StatementRun.objects.get()).open == 0
