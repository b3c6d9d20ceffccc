"""What the first page counts: the pace of a queue, and which external services answer."""

from datetime import UTC, datetime, timedelta

import pytest

from deferral.external.status import services
from deferral.ledger.statistics import QueueStatistics, open_work, queue_statistics, recent_work
from deferral.models import Breaker
from tests.deferral.staff import a_dead_job, a_job


@pytest.fixture(autouse=True)
def _ledger(db: None) -> None:
    """In place of the other tests' of this folder: nothing here has to be committed."""


def ago(minutes: float) -> datetime:
    return datetime.now(UTC) - timedelta(minutes=minutes)


def queue(name: str) -> QueueStatistics:
    found = queue_statistics(open_work(), recent_work())
    return next(one for one in found if one.name == name)


def test_a_queues_pace_is_that_of_the_last_five_minutes() -> None:
    for minutes in (1, 2, 3, 4, 20):
        a_job(queue="bulk", state="done", settled_at=ago(minutes))
    for _ in range(8):
        a_job(queue="bulk", next_at=ago(2))
    a_job(queue="bulk", next_at=ago(-60))

    bulk = queue("bulk")

    assert bulk.per_minute == pytest.approx(0.8)
    assert (bulk.due, bulk.later) == (8, 1)
    assert bulk.drain == timedelta(minutes=10)
    assert queue("critical").drain is None


def test_a_pace_is_measured_over_what_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deferral.ledger.statistics.LATEST", 4)
    for seconds in (6, 12, 18, 30, 40, 50):
        a_job(queue="bulk", state="done", settled_at=ago(seconds / 60))

    assert queue("bulk").per_minute == pytest.approx(8, rel=0.1)


def test_what_waits_for_a_service_is_counted_due_or_not() -> None:
    for minutes in (2, -60):
        a_job(task="notifications.tell_crm", next_at=ago(minutes))
    a_job(task="notifications.tell_crm", state="done")

    [crm] = [one for one in services(open_work()) if one.name == "CRM"]

    assert crm.waiting == 2


def test_nobody_is_named_who_is_told_nothing() -> None:
    a_dead_job()

    names = [one.name for one in services(open_work())]

    assert names == sorted(names, key=str.lower)
    assert {"warehouse", "mail server", "payment provider", "CRM"} <= set(names)
    assert "" not in names


def test_what_waits_for_a_service_is_counted_by_the_jobs_own_word() -> None:
    for name in ("acme", "partner"):
        Breaker.objects.create(name=name)
    for service in ("acme", "acme", "partner", ""):
        a_job(task="webhooks.deliver_webhook", queue="partners", service=service)

    waiting = {one.name: one.waiting for one in services(open_work())}

    assert (waiting["acme"], waiting["partner"]) == (2, 1)
