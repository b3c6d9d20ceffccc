"""The admin: everything opens, nothing is edited, and no list asks row by row."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from deferral.models import Event, Intervention, Job, Queue, Worker
from tests.deferral.staff import a_dead_job, a_job, an_event, failure, sitting

LISTS = ("job", "event", "queue", "worker", "job/dead-letters")


@pytest.fixture(autouse=True)
def _ledger(db: None) -> None:
    """In place of the other tests' of this folder: nothing here has to be committed."""


@pytest.fixture
def staff() -> Client:
    """Staff who may do everything."""
    return sitting(superuser=True)


def text(client: Client, address: str) -> str:
    """The page, which must open."""
    answer = client.get(f"/admin/{address}")
    assert answer.status_code == 200, (address, answer)
    return answer.content.decode()


def some_rows(count: int) -> None:
    """So many of everything, dead and alive."""
    for number in range(count):
        event = an_event(subject=f"order:H-{number}", state="dead", errors=[failure("KeyError")])
        body = a_job(event=event, state="waiting", is_body=True, open_parts=1)
        a_dead_job(event=event, body=body, subject=event.subject)
        Worker.objects.create(name=f"celery@{number}", pid=number)


@pytest.mark.parametrize("page", LISTS)
@pytest.mark.parametrize("rows", [3, 60])
def test_a_list_costs_the_same_however_long(
    staff: Client, page: str, rows: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    some_rows(rows)
    with django_assert_max_num_queries(12):
        text(staff, f"deferral/{page}/")


@pytest.mark.parametrize("parts", [3, 60])
def test_a_job_costs_the_same_however_many_parts_it_waits_for(
    staff: Client, parts: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    event = an_event()
    body = a_job(event=event, state="waiting", is_body=True, open_parts=parts)
    for _ in range(parts):
        a_job(event=event, body=body)
    with django_assert_max_num_queries(12):
        page = text(staff, f"deferral/job/{body.pk}/change/")
    with django_assert_max_num_queries(12):
        text(staff, f"deferral/event/{event.pk}/change/")
    shown = sum(f"/job/{part.pk}/change/" in page for part in body.parts.all())
    assert (shown, "and 10 more" in page) == (min(parts, 50), parts > 50)


def test_a_job_is_shown_whole(staff: Client, settings: Settings) -> None:
    settings.FLOWER_URL = "http://flower.example"
    event = an_event()
    job = a_dead_job(event=event, worker="1:17")
    Intervention.objects.create(action="replay", by="harbour", reason="after the storm", job=job)

    page = text(staff, f"deferral/job/{job.pk}/change/")

    assert f"http://flower.example/task/{job.task_id}" in page
    assert f"/admin/deferral/event/{event.pk}/change/" in page
    assert "<pre>Traceback (most recent call last):\n  PartnerAway</pre>" in page
    assert "503 &lt;b&gt;from&lt;/b&gt; the partner" in page
    assert "after the storm" in page


def test_jobs_are_found_by_key_and_subject_and_filtered(staff: Client) -> None:
    a_job(key="welcome:17", subject="order:H-17")
    a_dead_job("Bounced", key="crm:18", subject="order:H-18", queue="partners")

    for words in ("H-17", "welcome:1"):
        found = text(staff, f"deferral/job/?q={words}")
        assert "welcome:17" in found
        assert "crm:18" not in found
    for query in ("queue=partners", "state__exact=dead", "cause=Bounced", "task=deferral.sweep"):
        assert "crm:18" in text(staff, f"deferral/job/?{query}")
    for query in ("queue=partners", "state__exact=dead", "cause=Bounced", "task=other"):
        assert "welcome:17" not in text(staff, f"deferral/job/?{query}")


def test_a_list_of_the_dead_says_what_they_died_of(staff: Client) -> None:
    a_dead_job("Bounced")

    for page in ("job/?state__exact=dead", "job/?cause=Bounced", "job/dead-letters/"):
        assert "503 &lt;b&gt;from&lt;/b&gt; the partner" in text(staff, f"deferral/{page}")


def test_an_event_shows_what_followed_from_it(staff: Client) -> None:
    event = an_event(payload={"order_id": 4711})
    job = a_job(event=event)

    page = text(staff, f"deferral/event/{event.pk}/change/")

    assert "4711" in page
    assert f"/admin/deferral/job/{job.pk}/change/" in page


@pytest.mark.parametrize("model", ["job", "event", "queue", "worker"])
def test_nobody_edits_the_ledger(staff: Client, model: str) -> None:
    rows: dict[str, Any] = {
        "job": a_job(),
        "event": an_event(),
        "queue": Queue.objects.create(name="critical"),
        "worker": Worker.objects.create(name="celery@a", pid=1),
    }
    page = f"/admin/deferral/{model}/{rows[model].pk}/"

    assert staff.get(f"{page}change/").status_code == 200
    assert staff.post(f"{page}change/", {"state": "done"}).status_code == 403
    assert staff.post(f"{page}delete/", {"post": "yes"}).status_code == 403
    assert staff.get(f"/admin/deferral/{model}/add/").status_code == 403


def test_looking_changes_nothing(staff: Client) -> None:
    some_rows(2)
    before = list(Job.objects.values()), list(Event.objects.values())
    for page in (*LISTS, f"job/{Job.objects.first().pk}/change"):  # type: ignore[union-attr]  # some_rows
        text(
            staff,
            f"deferral/{page}/?action=discard&confirmed=1"
            if "dead" in page
            else f"deferral/{page}/",
        )

    assert (list(Job.objects.values()), list(Event.objects.values())) == before
