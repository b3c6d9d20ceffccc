"""A job that is asked for without a fact of its own: it and its cause are one, in their order."""

import subprocess
import sys
from typing import Any

import pytest
from django.db import transaction

from deferral.enqueueing import JobAskedFor, enqueue
from deferral.errors import NotCallable, PayloadTooLarge, PublishedOutsideTransaction
from deferral.external_services import ExternalServices
from deferral.health.unexpanded import check_events
from deferral.models import Event, Job
from deferral.relay.expansion import expand_events
from tests.deferral.bench import put_event

TELL = "notifications.tell_crm"
# A relay of a project in which pages alone ask for jobs.
RELAY = """
import django
from django.conf import settings
APPS = ["auth", "contenttypes"]
settings.configure(
    INSTALLED_APPS=[*(f"django.contrib.{app}" for app in APPS), "django_celery_beat", "deferral"],
    DEFERRAL_QUEUES=["critical", "bulk"],
    DEFERRAL_LOW_PRIORITY=["bulk"],
)
django.setup()
from deferral.events import EVENTS
print(*EVENTS)
"""
ACME = ExternalServices().named("acme")


def ask(key: str, *, subject: str = "order:H-1") -> Event:
    """In a transaction of its own."""
    with transaction.atomic():
        return enqueue(TELL, key=key, subject=subject, ordering_key="o", service=ACME, order_id=1)


def test_it_is_written_with_its_cause_or_not_at_all() -> None:
    with transaction.atomic():
        enqueue(TELL, key="gone", subject="s", order_id=1)
        transaction.set_rollback(True)
    ask("kept")
    expand_events()

    [job] = Job.objects.all()
    assert (job.key, job.subject) == ("kept", "order:H-1")
    assert (job.task, job.kwargs) == (TELL, {"order_id": 1})
    assert (job.queue, job.ordering_key, job.service) == ("partners", "o", "acme")
    with pytest.raises(PublishedOutsideTransaction):
        enqueue(TELL, key="alone", subject="s", order_id=1)


def test_it_waits_for_what_happened_to_its_subject_before() -> None:
    earlier = put_event(subject="order:H-1", state="dead")
    ask("after it")
    ask("of another", subject="order:H-2")
    expand_events()
    assert set(Job.objects.values_list("key", flat=True)) == {"of another"}

    Event.objects.filter(pk=earlier.pk).update(state="expanded")
    expand_events()
    assert Job.objects.filter(key="after it").exists()


def test_a_job_of_a_task_that_newer_code_has_is_left_to_a_newer_relay() -> None:
    asked = ask("newer")
    Event.objects.filter(pk=asked.pk).update(payload=asked.payload | {"task": "orders.not_yet"})
    ask("known", subject="order:H-2")
    expand_events()

    asked.refresh_from_db()
    assert (asked.state, asked.attempts) == ("pending", 0)
    assert set(Job.objects.values_list("key", flat=True)) == {"known"}


def test_a_key_is_one_job_however_often_it_is_asked_for() -> None:
    for _ in range(3):
        ask("once")
    expand_events()

    assert Job.objects.count() == 1


@pytest.mark.parametrize(
    ("task", "kwargs"),
    [("notifications.nobody", {"order_id": 1}), (TELL, {}), (TELL, {"order_id": 1, "more": 2})],
)
def test_what_could_not_run_is_refused_to_whoever_asks(task: str, kwargs: dict[str, Any]) -> None:
    with transaction.atomic(), pytest.raises(NotCallable, match=task):
        enqueue(task, key="k", subject="s", **kwargs)

    assert not Event.objects.exists()


def test_arguments_are_ids() -> None:
    with transaction.atomic(), pytest.raises(PayloadTooLarge):
        enqueue(TELL, key="k", subject="s", order_id="x" * 17_000)


def test_every_relay_knows_what_is_asked_for_whoever_asks(starts_processes: None) -> None:
    known = subprocess.run(  # noqa: S603 - written above
        [sys.executable, "-c", RELAY], capture_output=True, text=True, check=True
    )

    assert known.stdout.split() == ["deferral.job_asked_for"]


def test_the_doctor_names_what_no_code_here_understands() -> None:
    put_event(type="bench.unheard_of", payload={})
    ask("known")
    put_event(type=JobAskedFor.type, payload={"task": "bench.of_tomorrow"})

    named = {finding.name for finding in check_events() if not finding.well}
    assert named == {"event bench.unheard_of", f"event {JobAskedFor.type} of bench.of_tomorrow"}
