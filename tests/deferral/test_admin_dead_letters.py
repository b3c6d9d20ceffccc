"""Replay and discard: asked first, recorded always, and only by who may."""

from typing import Any

import pytest
from django.test import Client

from deferral.models import Event, Intervention, Job
from tests.deferral.staff import a_dead_job, a_job, an_event, failure, sitting

JOBS, EVENTS = "/admin/deferral/job/", "/admin/deferral/event/"


@pytest.fixture(autouse=True)
def _ledger(db: None) -> None:
    """In place of the other tests' of this folder: nothing here has to be committed."""


@pytest.fixture
def staff() -> Client:
    """Staff who may do everything."""
    return sitting(superuser=True)


def choose(staff: Client, action: str, *rows: Any, at: str = JOBS, **more: Any) -> Any:
    """What the list sends: the first time, or from the page that asks."""
    data = {"action": action, "_selected_action": [row.pk for row in rows] or [0], **more}
    return staff.post(at, data)


def admin_page_of(client: Client, job: Job) -> str:
    """All pages that could offer to settle it."""
    pages = (JOBS, f"{JOBS}dead-letters/", f"{JOBS}{job.pk}/change/")
    return "".join(client.get(page).content.decode() for page in pages)


def states(*rows: Job) -> list[str]:
    """As they are now."""
    return [Job.objects.get(pk=row.pk).state for row in rows]


@pytest.mark.parametrize("action", ["replay", "discard"])
def test_choosing_asks_first_and_does_nothing(staff: Client, action: str) -> None:
    dead = a_dead_job()

    page = choose(staff, action, dead).content.decode()

    assert dead.key in page
    assert 'name="confirmed"' in page
    assert "errorlist" not in page
    assert states(dead) == ["dead"]
    assert not Intervention.objects.exists()


def test_a_replayed_job_is_due_again_and_it_is_written_down(staff: Client) -> None:
    dead, other = a_dead_job(), a_dead_job()

    choose(staff, "replay", dead, confirmed="1", count=1)

    assert states(dead, other) == ["pending", "dead"]
    written = Intervention.objects.get()
    assert (written.action, written.job_id) == ("replay", dead.pk)
    assert written.by == staff.get(JOBS).wsgi_request.user.get_username()


def test_nothing_is_discarded_without_a_reason(staff: Client) -> None:
    dead = a_dead_job()

    page = choose(staff, "discard", dead, confirmed="1", count=1, reason="   ")

    assert "Say why it may be given up" in page.content.decode()
    assert states(dead) == ["dead"]
    assert not Intervention.objects.exists()


def test_a_discarded_job_lets_go_of_what_waits_for_it(staff: Client) -> None:
    body = a_job(state="waiting", is_body=True, open_parts=1)
    part = a_dead_job(body=body)

    choose(staff, "discard", part, confirmed="1", count=1, reason="the pier is gone")

    assert states(part, body) == ["discarded", "pending"]
    assert Intervention.objects.get().reason == "the pier is gone"


def test_only_the_dead_are_touched(staff: Client) -> None:
    alive, dead = a_job(state="running"), a_dead_job()

    choose(staff, "replay", alive, dead, confirmed="1", count=1)
    choose(staff, "discard", alive, confirmed="1", count=1, reason="why not")

    assert states(alive, dead) == ["running", "pending"]


def test_all_of_a_cause_are_settled_together_and_no_others(staff: Client) -> None:
    dead = [a_dead_job("Bounced") for _ in range(60)]
    other = a_dead_job("PartnerAway")
    cause = f"{JOBS}?state__exact=dead&task=deferral.sweep&cause=Bounced"
    assert cause.replace("&", "&amp;") in staff.get(f"{JOBS}dead-letters/").content.decode()

    asked = choose(staff, "replay", at=cause, select_across="1").content.decode()
    assert "Replay 60 dead letters?" in asked
    assert "and 40 more" in asked
    choose(staff, "replay", at=cause, select_across="1", confirmed="1", count=60)

    assert set(states(*dead)) == {"pending"}
    assert states(other) == ["dead"]
    assert Intervention.objects.count() == 60


def test_more_dead_than_the_page_named_are_not_settled_unseen(staff: Client) -> None:
    dead = [a_dead_job() for _ in range(3)]

    page = choose(staff, "discard", select_across="1", confirmed="1", count=2, reason="all of them")

    assert "Meanwhile their number has changed" in page.content.decode()
    assert set(states(*dead)) == {"dead"}


def test_dead_events_are_replayed_and_discarded(staff: Client) -> None:
    one, two = (an_event(state="dead", errors=[failure("KeyError")]) for _ in range(2))

    choose(staff, "replay", one, at=EVENTS, confirmed="1", count=1)
    choose(staff, "discard", two, at=EVENTS, confirmed="1", count=1, reason="a test")

    assert Event.objects.get(pk=one.pk).state == "pending"
    assert Event.objects.get(pk=two.pk).state == "discarded"
    assert "KeyError" not in staff.get(f"{JOBS}dead-letters/").content.decode()


def test_only_the_page_of_a_dead_letter_offers_anything(staff: Client) -> None:
    dead, alive = (staff.get(f"{JOBS}{row.pk}/change/") for row in (a_dead_job(), a_job()))
    assert (b'value="replay"' in dead.content, b'value="replay"' in alive.content) == (True, False)


@pytest.mark.parametrize("action", ["replay", "discard"])
def test_who_may_only_look_settles_nothing(action: str) -> None:
    dead, looker = a_dead_job(), sitting("view_job")

    choose(looker, action, dead, confirmed="1", count=1, reason="because")
    choose(looker, action, select_across="1", confirmed="1", count=1, reason="because")

    assert states(dead) == ["dead"]
    assert 'value="replay"' not in admin_page_of(looker, dead)


def test_who_may_change_jobs_settles_them() -> None:
    dead, clerk = a_dead_job(), sitting("view_job", "change_job")
    assert 'value="replay"' in admin_page_of(clerk, dead)

    choose(clerk, "replay", dead, confirmed="1", count=1)

    assert states(dead) == ["pending"]
