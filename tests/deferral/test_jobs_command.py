"""`manage.py jobs`: a person at a terminal looks after long jobs."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from deferral.ledger.control import pause_job
from deferral.long_jobs import Step, step
from deferral.models import Intervention, JobStep
from tests.deferral.bench import doing_long, now, put, run


def jobs(*words: str) -> str:
    """What is said."""
    said = StringIO()
    call_command("jobs", *words, stdout=said)
    return said.getvalue()


def test_long_jobs_are_listed_with_how_far_they_are() -> None:
    put("short")
    job = doing_long(lambda: None, state="running")
    pace = [[100.0, 200], [110.0, 400]]
    JobStep.objects.create(job=job, name="rows", done=400, total=1000, unit="rows", pace=pace)

    assert jobs("list").split() == [
        *("running", "long", "rows:", "400", "of", "1000", "rows,", "40%,", "0:00:30", "left")
    ]


def test_nothing_to_list_is_said() -> None:
    assert jobs("list") == "No long job runs, waits or is paused.\n"


def test_a_job_is_paused_shown_resumed_and_cancelled() -> None:
    job = doing_long(lambda: None)

    assert jobs("pause", "long", "--reason", "rush hour") == "long: paused\n"
    assert "paused it: rush hour. It goes on from its last checkpoint" in jobs("show", "long")
    assert jobs("resume", "long") == "long: pending\n"
    assert jobs("cancel", "long", "--reason", "not needed") == "long: discarded\n"
    done = Intervention.objects.filter(job=job).order_by("id").values_list("action", "reason")
    assert [*done] == [("pause", "rush hour"), ("resume", ""), ("cancel", "not needed")]


def test_one_that_runs_is_told_and_that_is_said() -> None:
    doing_long(lambda: None, state="running")

    assert jobs("pause", "long") == "long: running, to pause at its next checkpoint\n"


def test_following_ends_with_the_job() -> None:
    def count(current: Step) -> None:
        current.checkpoint(1, done=1)

    run(doing_long(lambda: step("count", count)))

    assert "count: done in 0:00:00" in jobs("show", "long", "--follow")


@pytest.mark.parametrize("words", [("show", "x"), ("pause", "x"), ("cancel", "x", "--reason", "y")])
def test_a_key_that_nobody_has_is_an_error_in_a_sentence(words: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match=r"There is no job x\."):
        jobs(*words)


def test_what_cannot_be_done_is_an_error_in_a_sentence() -> None:
    job = doing_long(lambda: None)
    pause_job(job_id=job.pk, by="ada")

    with pytest.raises(CommandError, match="long is paused: it cannot be paused"):
        jobs("pause", "long")
    assert now(job).state == "paused"
