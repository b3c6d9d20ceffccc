"""Time per task and per service: the last try's waiting and running, of what was done lately."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from deferral.admin.jobs import timing
from tests.deferral.staff import a_job, sitting

pytestmark = pytest.mark.django_db
PAGE = "/admin/deferral/job/time-per-task/"


def done(task: str, waited: float, ran: float, minutes_ago: float = 1, **columns: Any) -> None:
    """Due, begun and done so long ago; decided a minute before it was due."""
    settled = timezone.now() - timedelta(minutes=minutes_ago)
    started = settled - timedelta(seconds=ran)
    due = started - timedelta(seconds=waited)
    times = {"next_at": due, "started_at": started, "settled_at": settled}
    decided = due - timedelta(minutes=1)
    a_job(
        **({"task": task, "state": "done", "attempts": 1, "created_at": decided} | times | columns)
    )


def test_median_and_95th_percentile_of_each_task() -> None:
    for n in range(1, 101):
        done("notifications.tell_crm", waited=n, ran=n / 100)

    [crm], _, _ = timing.times_of(3_600)

    assert (crm.name, crm.count) == ("notifications.tell_crm", 100)
    assert crm.waited == ("50\xa0s", "95\xa0s")
    assert crm.ran == ("505\xa0ms", "950\xa0ms")
    assert crm.whole == ("111\xa0s", "3\xa0min")


def test_a_services_tasks_are_taken_together_and_others_are_nobodys() -> None:
    done("notifications.send_refund", 1, 1)
    done("notifications.send_cancellation", 3, 3, attempts=2)
    done("deferral.sweep", 9, 9)

    tasks, services, _ = timing.times_of(3_600)

    assert tasks[0].name == "deferral.sweep"
    assert [(row.name, row.count, row.retried) for row in services] == [("mail server", 2, 1)]


def test_a_body_that_its_chord_began_early_has_not_waited() -> None:
    done("notifications.send_confirmation", waited=-2, ran=1)

    [[row], _, _] = timing.times_of(3_600)

    assert row.waited == ("0\xa0ms", "0\xa0ms")


def test_only_the_window_is_looked_at_and_only_what_was_done() -> None:
    done("deferral.sweep", 1, 1, minutes_ago=90)
    done("deferral.sweep", 1, 1, state="expired")

    assert timing.times_of(3_600) == ([], [], False)
    assert len(timing.times_of(86_400)[0]) == 1


def test_more_jobs_than_are_looked_at_are_said_to_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing, "MOST", 3)
    for _ in range(5):
        done("deferral.sweep", 1, 1)

    page = sitting(superuser=True).get(PAGE).content.decode()

    assert "these are the latest 3 jobs" in page


def test_an_unknown_window_is_an_hour() -> None:
    assert sitting("view_job").get(f"{PAGE}?window=century").context["window"] == "hour"
