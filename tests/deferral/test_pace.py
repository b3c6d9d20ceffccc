"""Replaying at a chosen rate: said beforehand, spread by the ledger, the oldest first."""

import itertools
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from deferral.admin.dead_letters import settling
from deferral.ledger import dead_letters
from deferral.ledger.dead_letters import Pace
from deferral.models import Event, Intervention, Job
from tests.deferral.staff import a_dead_job, a_job, an_event, sitting

JOBS, EVENTS = "/admin/deferral/job/", "/admin/deferral/event/"


@pytest.fixture(autouse=True)
def _ledger(db: None) -> None:
    """In place of the other tests' of this folder: nothing here has to be committed."""


@pytest.fixture
def staff() -> Client:
    """Staff who may do everything."""
    return sitting(superuser=True)


def replay(staff: Client, button: str, *rows: Any, at: str = JOBS, **more: Any) -> str:
    """Send the page that asks, by one of its buttons."""
    ids = [row.pk for row in rows]
    data = {"action": "replay", "_selected_action": ids, button: "1", "count": len(ids), **more}
    return str(staff.post(at, data, follow=True).content.decode())


def gaps(model: type[Job | Event]) -> list[timedelta]:
    """Between one row's turn and the next one's."""
    due = list(model.objects.order_by("pk").values_list("next_at", flat=True))
    return [later - earlier for earlier, later in itertools.pairwise(due)]


def test_they_come_due_one_after_the_other(staff: Client) -> None:
    dead = [a_dead_job() for _ in range(4)]

    replay(staff, "confirmed", *reversed(dead), per_minute=6)

    assert gaps(Job) == [timedelta(seconds=10)] * 3
    assert {job.state for job in Job.objects.all()} == {"pending"}


def test_a_batch_begins_where_the_one_before_it_ended(
    staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "BATCH", 2)

    replay(staff, "confirmed", *[a_dead_job() for _ in range(5)], per_minute=60)

    assert gaps(Job) == [timedelta(seconds=1)] * 4


def test_events_are_spread_too(staff: Client) -> None:
    replay(staff, "confirmed", *[an_event(state="dead") for _ in range(3)], at=EVENTS, per_minute=2)

    assert gaps(Event) == [timedelta(seconds=30)] * 2


def test_without_a_rate_all_are_due_at_once() -> None:
    dead_letters.replay_jobs([a_dead_job().pk, a_dead_job().pk], by="harbour", pace=Pace())

    assert gaps(Job) == [timedelta(0)]


def test_a_dry_run_says_what_would_happen_and_does_nothing(staff: Client) -> None:
    dead = [a_dead_job() for _ in range(61)]

    page = replay(staff, "preview", *dead, per_minute=2)

    assert "The first of 61 would be due at once, the last 30\xa0min later" in page
    assert '<td class="number">61</td>' in page
    assert {job.state for job in Job.objects.all()} == {"dead"}
    assert not Intervention.objects.exists()


@pytest.mark.parametrize("rate", [0, -1, "many", 60_001])
def test_a_rate_that_is_none_is_refused(staff: Client, rate: Any) -> None:
    page = replay(staff, "confirmed", a_dead_job(), per_minute=rate)

    assert "errorlist" in page
    assert Job.objects.get().state == "dead"


def test_every_intervention_is_listed_and_found(staff: Client) -> None:
    one, two = a_dead_job(key="crm:17"), a_job(key="crm:18")
    Intervention.objects.create(
        action="replay", by="harbour", reason="after the storm", about=one.key
    )
    Intervention.objects.create(
        action="discard", by="quay", reason="nobody lives there", about=two.key
    )

    for words in ("crm:17", "harbour", "the storm"):
        page = staff.get("/admin/deferral/intervention/", {"q": words}).content.decode()
        assert "after the storm" in page
        assert "nobody lives there" not in page
