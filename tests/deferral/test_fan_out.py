"""A running job adds thousands of others: each once, and its body waits for all of them."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now

from deferral.fan_out import add_parts
from deferral.ledger.dead_letters import Pace
from deferral.models import Job
from deferral.relay import stamping
from deferral.relay.publishing import send_due
from tests.deferral.bench import deliver, doing, now, put, run, spec
from tests.deferral.conftest import Queues


def adding(*keys: str, **options: Any) -> Callable[[], None]:
    """A deed: add jobs of these keys."""
    return lambda: print(add_parts([spec(key) for key in keys], **options))  # noqa: T201 - told


def fanning_out(deed: Callable[[], None]) -> tuple[Job, Job]:
    """A job that does this as the only part of a join, and the body."""
    body = put("body", state="waiting", is_body=True, open_parts=1)
    return doing(deed, "first", body=body), body


def keys(state: str) -> Sequence[str]:
    return list(Job.objects.filter(state=state).order_by("id").values_list("key", flat=True))


def test_the_body_waits_for_what_a_part_adds() -> None:
    first, body = fanning_out(adding("a", "b"))
    run(first)
    assert (now(body).state, now(body).open_parts) == ("waiting", 2)

    for key in "ab":
        run(Job.objects.get(key=key))

    assert (now(body).state, now(body).open_parts) == ("pending", 0)


def test_a_key_that_exists_is_neither_written_nor_waited_for() -> None:
    put("a", state="done")
    first, body = fanning_out(adding("a", "b", "b"))

    run(first)

    assert now(body).open_parts == 1
    assert Job.objects.filter(key="b").count() == 1


def test_added_again_nothing_is_added(capsys: pytest.CaptureFixture[str]) -> None:
    def twice() -> None:
        adding("a", "b")()
        adding("a", "b", "c")()

    first, body = fanning_out(twice)
    run(first)

    assert capsys.readouterr().out.split() == ["2", "1"]
    assert now(body).open_parts == 3


def test_whoever_lost_the_fence_adds_nothing() -> None:
    def overtaken() -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE deferral_job SET epoch = epoch + 1")
        adding("a")()

    first, body = fanning_out(overtaken)

    assert deliver(first) == "ignore"
    assert keys("pending") == []
    assert now(body).open_parts == 1


def test_what_is_rolled_back_was_not_added() -> None:
    def failing() -> None:
        with transaction.atomic():
            adding("a")()
            raise OSError

    first, body = fanning_out(failing)
    run(first)

    assert now(body).open_parts == 1
    assert not Job.objects.filter(key="a").exists()


def test_a_job_of_no_join_adds_jobs_that_nobody_waits_for() -> None:
    run(doing(adding("a"), subject="bench:7"))

    added = Job.objects.get(key="a")
    assert (added.body, added.subject, added.state) == (None, "bench:7", "pending")


def test_they_come_due_one_after_the_other() -> None:
    run(doing(adding("a", "b", "c", pace=Pace(gap=60, first=1))))

    due = [Job.objects.get(key=key).next_at for key in "abc"]
    assert [round((one - due[0]).total_seconds()) for one in due] == [0, 60, 120]
    assert not Job.objects.filter(key="a", next_at__lte=Now()).exists()


def test_they_go_out_one_by_one_however_few_are_left(queued: Queues, valkey: Any) -> None:
    first, body = fanning_out(adding(*"abc"))
    run(first)

    assert send_due() == 3
    assert b'"group": null' in valkey.lrange("critical", 0, -1)[0]
    assert now(body).sent_at is None


def test_a_join_too_large_for_a_chord_goes_out_as_there_is_room(
    queued: Queues, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.HINTS_AHEAD = 2
    assert stamping.MOST_OF_A_CHORD == 200
    parts = 201
    body = put("body", state="waiting", is_body=True, open_parts=parts)
    Job.objects.bulk_create(
        Job(key=f"p{n}", subject="s", task=body.task, queue=body.queue, body=body)
        for n in range(parts)
    )

    assert send_due() == 2
    assert queued("critical") == 2
