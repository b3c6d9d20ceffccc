"""Too much work: what is sampled, what yields, what is let go, and that nothing else is."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone

from deferral.models import Job, QueueSample, Shedding
from deferral.pressure import levels, sampling, shedding
from deferral.pressure.rules import Level
from deferral.registry import queues
from deferral.relay import loop, publishing
from tests.deferral.staff import a_dead_job, a_job, sitting

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def ago(**span: float) -> Any:
    """A time that has been."""
    return timezone.now() - timedelta(**span)


@pytest.fixture(autouse=True)
def served(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Queues that nobody serves, for tests that add some; a relay that samples lives."""
    unserved: set[str] = set()
    monkeypatch.setattr(sampling, "unserved_queues", lambda: unserved)
    return unserved


def behind(queue: str, level: Level, load: float = 400.0) -> None:
    """The queue's last sample."""
    QueueSample.objects.create(
        queue=queue, waiting=9, per_second=1, oldest=load, load=load, level=level
    )
    levels.forget()


def sampled() -> dict[str, QueueSample]:
    """What the next sample says, by queue; only those in which something waits."""
    QueueSample.objects.update(at=F("at") - timedelta(seconds=5))
    assert sampling.sample(up_for=1e9) == len(queues())
    latest = QueueSample.objects.order_by("-id")[: len(queues())]
    return {row.queue: row for row in latest if row.waiting}


def test_a_queue_is_counted_by_what_can_be_done() -> None:
    for _ in range(3):
        a_job(queue="partners", sent_at=ago(seconds=20), next_at=ago(seconds=30))
    a_job(queue="partners", next_at=ago(seconds=5))
    a_job(queue="partners", next_at=timezone.now() + MINUTE)  # it will be tried again
    a_dead_job(queue="partners", ordering_key="partner:1")
    a_job(queue="partners", ordering_key="partner:1", next_at=ago(days=3))  # waits for a person
    a_job(queue="partners", task="tomorrow.do_it", next_at=ago(days=3))  # waits for newer code
    for state in ("done", "done", "done", "discarded", "expired"):
        a_job(queue="partners", state=state, settled_at=ago(seconds=20))
    a_job(queue="partners", state="done", settled_at=ago(seconds=90))

    [row] = sampled().values()

    assert (row.queue, row.waiting) == ("partners", 4)
    assert row.per_second == pytest.approx(0.1, abs=0.01)
    assert row.oldest == pytest.approx(30, abs=2)
    assert row.load == pytest.approx(40, abs=4)


def test_it_is_sampled_once_in_five_seconds_by_however_many() -> None:
    assert [sampling.sample(up_for=1e9), sampling.sample(up_for=1e9)] == [len(queues()), 0]


def test_amber_lasts_until_a_minute_was_calm() -> None:
    job = a_job(queue="critical", next_at=ago(seconds=70))
    assert sampled()["critical"].level == Level.AMBER
    Job.objects.filter(pk=job.pk).update(next_at=timezone.now() - timedelta(seconds=1))

    levels = [sampled()["critical"].level for _ in range(20)]

    assert levels == sorted(levels, reverse=True)
    assert 10 <= levels.count(Level.AMBER) <= 14


def test_how_much_can_be_done_is_measured_for_as_long_as_there_was_something_to_do() -> None:
    """A quiet shop, and then a thousand at once, ten seconds ago: half a minute, not two."""
    for number in range(300):
        a_job(queue="bulk", sent_at=ago(seconds=1) if number % 2 else None)
    for _ in range(100):
        a_job(queue="bulk", state="done")
    Job.objects.filter(state="done").update(settled_at=ago(seconds=3))
    Job.objects.filter(state="pending").update(next_at=ago(seconds=10.5))

    [row] = sampled().values()

    assert row.load == pytest.approx(31, abs=3)
    assert row.level == Level.GREEN


def test_a_backlog_is_counted_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "BOUNDS", sampling.BOUNDS | {"looked_at": 5})
    for number in range(30):
        ordering_key = f"partner:{number}" if number < 10 else None
        a_job(queue="partners", next_at=ago(seconds=3), ordering_key=ordering_key)

    [row] = sampled().values()

    assert row.waiting == 25


def test_what_was_late_before_hints_could_be_given_is_not_late_for_want_of_workers() -> None:
    a_job(queue="critical", next_at=ago(hours=1))

    assert sampling.sample(up_for=4.0) == len(queues())

    row = QueueSample.objects.get(queue="critical")
    assert (row.oldest, row.level) == (4.0, Level.GREEN)


def test_a_queue_that_nobody_serves_sheds_nothing(served: set[str]) -> None:
    served.add("partners")
    a_job(queue="partners", next_at=ago(hours=1))

    [row] = sampled().values()

    assert (row.level, round(row.load, -2)) == (Level.GREEN, 3600)


def test_yesterdays_level_is_not_todays() -> None:
    behind("critical", Level.RED)
    QueueSample.objects.update(at=ago(hours=20))

    assert sampling.sample(up_for=1.0) == len(queues())

    assert QueueSample.objects.latest("id").level == Level.GREEN
    assert not levels.is_slowed()


@pytest.mark.parametrize("gap", [5, 15, 20])
def test_a_level_comes_down_however_seldom_somebody_looks(gap: int) -> None:
    behind("critical", Level.AMBER, load=100)
    QueueSample.objects.update(at=ago(seconds=gap))
    for _ in range(120 // gap):
        assert sampling.sample(up_for=1e9) == len(queues())
        QueueSample.objects.update(at=F("at") - timedelta(seconds=gap))

    sampling.sample(up_for=1e9)
    assert QueueSample.objects.filter(queue="critical").latest("id").level == Level.GREEN


def test_without_samples_all_is_green() -> None:
    behind("critical", Level.RED)
    QueueSample.objects.update(at=ago(seconds=31))
    levels.forget()

    assert levels.of_queues(["bulk"]).level is Level.GREEN
    assert not levels.is_slowed()


@pytest.mark.parametrize(
    ("queue", "slowed", "shed", "bulk"),
    [
        ("critical", True, ["bulk", "analytics", "mailings", "media", "background"], Level.RED),
        ("partners", True, ["bulk", "analytics", "mailings", "media", "background"], Level.RED),
        ("bulk", False, ["bulk"], Level.RED),
        ("analytics", False, ["analytics"], Level.GREEN),
    ],
)
def test_who_makes_room_for_whom(queue: str, slowed: bool, shed: list[str], bulk: Level) -> None:  # noqa: FBT001
    behind(queue, Level.RED)

    assert levels.is_slowed() is slowed
    assert levels.queues_that_shed() == shed
    assert levels.of_queues(["bulk"]).level is bulk


def test_nine_of_ten_that_may_be_shed_are_and_nothing_else() -> None:
    soon = timezone.now() + 15 * MINUTE
    for _ in range(100):
        a_job(queue="analytics", expires_at=soon)
    kept = [a_job(queue="analytics"), a_job(queue="critical", expires_at=soon)]
    running = a_job(queue="analytics", state="running", expires_at=soon)
    assert shedding.shed_jobs() == 0
    behind("critical", Level.AMBER)

    shed = shedding.shed_jobs()
    assert 75 <= shed < 100
    assert shedding.shed_jobs() == 0

    assert Job.objects.filter(state="expired", cause="too much work").count() == shed
    assert Job.objects.filter(pk__in=[row.pk for row in kept], state="pending").count() == 2
    running.refresh_from_db()
    assert running.state == "running"
    [counted] = Shedding.objects.all()
    assert (counted.queue, counted.shed, counted.refused) == ("analytics", shed, 0)


def test_what_waits_for_a_part_that_was_shed_waits_no_longer() -> None:
    body = a_job(state="waiting", is_body=True, open_parts=30)
    for _ in range(30):
        a_job(queue="analytics", expires_at=timezone.now() + MINUTE, body=body)
    behind("analytics", Level.AMBER)

    shed = shedding.shed_jobs()

    body.refresh_from_db()
    assert shed > 10
    assert (body.state, body.open_parts) == ("waiting", 30 - shed)


def test_queues_that_yield_are_given_one_hint_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    for queue in queues():
        for _ in range(3):
            a_job(queue=queue)
    given: list[tuple[list[str], int]] = []

    def note(*, queues: list[str], per_queue: int = publishing.PER_QUEUE) -> int:
        given.append((list(queues), per_queue))
        return 0

    monkeypatch.setattr(publishing, "send_due", note)
    one = loop.Relay()
    behind("partners", Level.AMBER)
    for _ in range(3):
        one.run_once()

    others = ["critical", "mail", "partners"]
    assert given == [
        (["bulk", "analytics", "mailings", "media", "background"], 1),
        *[(others, 50)] * 3,
    ]


def replay(staff: Client, count: int, **more: str) -> Any:
    """Of so many dead letters, all at once or at a rate."""
    ids = [a_dead_job().pk for _ in range(count)]
    told = {"action": "replay", "_selected_action": ids, "confirmed": "1", "count": count}
    return staff.post("/admin/deferral/job/?state__exact=dead", told | more)


def test_much_at_once_is_refused_while_it_is_red_and_told_when_to_come_back() -> None:
    staff = sitting(superuser=True)
    behind("partners", Level.RED, load=400.0)

    answer = replay(staff, 21)

    assert answer.status_code == 429
    wait = int(answer["Retry-After"])
    assert 400 <= wait <= 600
    assert f"(in {wait} seconds)" in answer.content.decode()
    assert Job.objects.filter(state="dead").count() == 21
    assert Shedding.objects.get().refused == 1


@pytest.mark.parametrize(
    ("level", "count", "more"),
    [(Level.AMBER, 21, {}), (Level.RED, 20, {}), (Level.RED, 21, {"per_minute": "60"})],
)
def test_little_or_at_a_rate_or_in_time_is_not(
    level: Level, count: int, more: dict[str, str]
) -> None:
    behind("partners", level)

    assert replay(sitting(superuser=True), count, **more).status_code == 302
    assert Job.objects.filter(state="pending").count() == count
