"""Settled rows leave after 90 days; what a person may still need stays."""

from datetime import UTC, datetime, timedelta

from django.db.models.functions import Now

from deferral.ledger import dead_letters
from deferral.models import Event, Intervention, Job, Worker
from tests.deferral.bench import put, put_event, put_join, swept

OLD = datetime.now(UTC) - timedelta(days=91)
YOUNG = datetime.now(UTC) - timedelta(days=89)


def test_old_settled_jobs_leave_and_all_others_stay() -> None:
    for state in ("done", "discarded", "expired", "dead"):
        put(f"old {state}", state=state, settled_at=OLD)
    put("young done", state="done", settled_at=YOUNG)
    put("old pending", created_at=OLD)

    assert swept()["jobs"] == 3
    left = set(Job.objects.values_list("key", flat=True))
    assert left == {"old dead", "young done", "old pending"}


def test_what_a_person_decided_stays_when_the_row_leaves() -> None:
    job = put("dead", state="dead", subject="order:H-1")
    event = put_event(state="dead", subject="order:H-1")
    dead_letters.discard_jobs([job.pk], by="eva", reason="test")
    dead_letters.discard_events([event.pk], by="eva", reason="test")
    Job.objects.update(settled_at=OLD)
    Event.objects.update(expanded_at=OLD)

    assert swept() == {
        "jobs": 1,
        "events": 1,
        "workers": 0,
        "rate_limits": 0,
        "samples": 0,
        "shedding": 0,
    }
    kept = Intervention.objects.filter(subject="order:H-1", by="eva", job=None, event=None)
    assert set(kept.values_list("about", flat=True)) == {"dead", "bench.happened order:H-1"}


def test_a_body_stays_while_one_of_its_parts_does() -> None:
    body = put_join("first", "second")
    Job.objects.update(state="done", settled_at=OLD)
    Job.objects.filter(key="second").update(state="dead")

    swept()

    assert set(Job.objects.values_list("key", flat=True)) == {body.key, "second"}


def test_a_join_leaves_altogether_in_one_night() -> None:
    put_join("first", "second")
    Job.objects.update(state="done", settled_at=OLD)

    assert swept()["jobs"] == 3


def test_an_event_stays_while_one_of_its_jobs_does() -> None:
    kept, old = (put_event(state="expanded", expanded_at=OLD) for _ in range(2))
    put("dead", state="dead", event=kept)
    put("done", state="done", settled_at=OLD, event=old)

    swept()

    assert list(Event.objects.all()) == [kept]


def test_workers_that_are_gone_are_forgotten_after_a_day() -> None:
    Worker.objects.create(name="gone", pid=1, started_at=OLD)
    Worker.objects.create(name="new", pid=2, started_at=Now())

    assert swept()["workers"] == 1
