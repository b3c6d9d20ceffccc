"""Long jobs in the admin: seen moving, and paused, resumed and cancelled by who may."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from deferral.models import Intervention, Job, JobStep
from tests.deferral.bench import doing_long, now, put, put_join
from tests.deferral.staff import sitting


@pytest.fixture(autouse=True)
def _ledger(db: None) -> None:
    """In place of the other tests' of this folder: nothing here has to be committed."""


@pytest.fixture
def staff() -> Client:
    """Who may look and decide."""
    return sitting("view_job", "change_job")


def a_long_job() -> Job:
    """One that runs, with a step behind it and one of which two fifths are done."""
    job = doing_long(lambda: None, state="running")
    began = datetime(2026, 11, 22, 10, tzinfo=UTC)
    over = {"done": 7, "unit": "rows", "started_at": began}
    JobStep.objects.create(job=job, name="count", ended_at=began + timedelta(seconds=12), **over)
    pace = [[100.0, 200], [110.0, 400]]
    JobStep.objects.create(job=job, name="rows", done=400, total=1000, unit="rows", pace=pace)
    return job


def page_of(who: Client, job: Job) -> str:
    return who.get(f"/admin/deferral/job/{job.pk}/change/").content.decode()


def steps_of(who: Client, job: Job, version: str = "") -> tuple[int, str]:
    answer = who.get(f"/admin/deferral/job/{job.pk}/progress/", {"v": version})
    return answer.status_code, answer.content.decode()


def decide(who: Client, job: Job, verb: str, reason: str = "the printer is on fire") -> int:
    address = f"/admin/deferral/job/{job.pk}/decide/{verb}/"
    return who.post(address, {"reason": reason}).status_code


def test_a_long_job_shows_its_steps_and_what_is_left(staff: Client) -> None:
    page = page_of(staff, a_long_job())

    assert re.search(r"7 rows, in 12\ss", page)
    assert re.search(r"400 of 1,000 rows, 40.%, since \S+ \S+, about 30.s left", page)
    assert 'max="100" value="40">40 %</progress>' in page
    assert "htmx" in page


def test_a_short_job_has_no_bars_and_asks_for_nothing(staff: Client) -> None:
    page = page_of(staff, put("short"))

    assert "htmx" not in page
    assert "No worker serves the queue critical." in page


def test_bars_are_sent_again_only_when_something_changed(staff: Client) -> None:
    job = a_long_job()
    [version] = re.findall(r"progress/\?v=([^\"]+)\"", page_of(staff, job))
    assert steps_of(staff, job, version) == (204, "")

    JobStep.objects.create(job=job, name="file")
    code, steps = steps_of(staff, job, version)
    assert code == 200
    assert ">file</strong>" in steps


@pytest.mark.parametrize(
    ("columns", "asked"),
    [({"state": "running"}, 'every 1s"'), ({"state": "paused"}, 'every 4s"'), ({}, 'every 4s"')],
)
def test_bars_move_while_the_job_lives(staff: Client, columns: dict[str, str], asked: str) -> None:
    job = doing_long(lambda: None, **columns)
    assert asked in page_of(staff, job)
    Job.objects.update(state="done")
    assert "hx-get" not in page_of(staff, job)


def test_a_step_that_is_not_over_never_reads_a_hundred_percent(staff: Client) -> None:
    job = a_long_job()
    JobStep.objects.filter(name="rows").update(done=2_000)
    assert 'value="99">' in page_of(staff, job)


def test_whose_session_has_ended_is_refused_and_led_nowhere(staff: Client) -> None:
    job = a_long_job()
    assert steps_of(Client(), job)[0] == 403
    assert steps_of(sitting("view_event"), job)[0] == 403


def test_it_is_paused_resumed_and_cancelled_with_a_reason_on_record(staff: Client) -> None:
    job = doing_long(lambda: None)
    seen = []
    for verb in ("pause", "resume", "cancel"):
        assert decide(staff, job, verb) == 302
        seen.append(now(job).state)

    assert seen == ["paused", "pending", "discarded"]
    noted = Intervention.objects.order_by("id").values_list("action", "about", "reason")
    assert [*noted] == [
        (verb, "long", "the printer is on fire") for verb in ("pause", "resume", "cancel")
    ]


def test_without_a_reason_or_the_permission_nothing_is_decided(staff: Client) -> None:
    job, looking = a_long_job(), sitting("view_job")
    assert decide(staff, job, "cancel", reason=" ") == 200
    assert decide(looking, job, "cancel") == 403
    assert "/decide/" not in page_of(looking, job)
    assert (now(job).asked, Intervention.objects.count()) == ("", 0)


@pytest.mark.parametrize(
    ("columns", "verbs"),
    [
        ({"state": "running"}, ["pause", "cancel"]),
        ({"state": "running", "asked": "pause"}, ["resume", "cancel"]),
        ({"state": "running", "asked": "cancel"}, []),
        ({"state": "paused"}, ["resume", "cancel"]),
        ({"state": "pending"}, ["pause", "cancel"]),
        ({"state": "dead"}, []),
        ({"state": "done", "asked": "pause"}, []),
    ],
)
def test_only_what_would_change_something_is_offered(
    staff: Client, columns: dict[str, str], verbs: list[str]
) -> None:
    page = page_of(staff, doing_long(lambda: None, **columns))
    assert re.findall(r"/decide/(\w+)/", page) == verbs


def test_a_cancelling_says_that_it_cannot_be_undone(staff: Client) -> None:
    job = a_long_job()
    page = staff.get(f"/admin/deferral/job/{job.pk}/decide/cancel/").content.decode()
    assert "cannot be undone" in page


def test_the_list_finds_long_jobs_under_way_and_paused_ones(staff: Client) -> None:
    a_long_job()
    doing_long(lambda: None, key="halted", state="paused")
    doing_long(lambda: None, key="over", state="done")
    put("short")

    def listed(query: str) -> list[str]:
        page = staff.get(f"/admin/deferral/job/?{query}").content.decode()
        return re.findall(r'change/[^"]*">(long|halted|over|short)</a>', page)

    assert listed("long=open") == ["halted", "long"]
    assert listed("long=paused") == listed("state__exact=paused") == ["halted"]


def test_queues_and_first_page_count_what_is_paused() -> None:
    doing_long(lambda: None, state="paused")
    everybody = sitting(superuser=True)
    paused = "job/?state__exact=paused&amp;queue=bulk"
    assert paused in everybody.get("/admin/deferral/queue/").content.decode()
    assert ", 1 paused" in everybody.get("/admin/").content.decode()


def test_what_waits_for_a_job_stands_on_its_page(staff: Client) -> None:
    body = put_join("part")
    job = doing_long(lambda: None, body=body, ordering_key="series")
    later = put("later", ordering_key="series")
    for one in (body, later):
        assert f"/admin/deferral/job/{one.pk}/change/" in page_of(staff, job)
