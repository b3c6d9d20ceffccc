"""A body runs once all its parts are settled: never before, never twice, and never never."""

import base64
import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now
from pytest_django.fixtures import Settings

from deferral.errors import Bury, Snooze
from deferral.ledger import claims, dead_letters, settling
from deferral.ledger.claims import Claim
from deferral.models import Job, Queue
from deferral.relay import expiry
from deferral.relay.markers import give_lost_hints_again
from deferral.relay.publishing import send_due
from launcher.servers.process import wait_for
from tests.deferral.bench import DEEDS, deliver, now, put_join, run
from tests.deferral.conftest import Queues


@pytest.fixture(params=[True, False], ids=["chords", "no chords"], autouse=True)
def chords(request: pytest.FixtureRequest, settings: Any) -> bool:
    """Both positions of the switch."""
    settings.JOINS_AS_CHORDS = request.param
    return bool(request.param)


def part(key: str) -> Job:
    return Job.objects.get(key=key)


def fail_with(key: str, error: Exception) -> None:
    """Have this part raise."""

    def fail() -> None:
        raise error

    DEEDS[key] = fail
    Job.objects.filter(key=key).update(kwargs={"deed": key})


def headers(valkey: Any, queue: str = "critical") -> list[dict[str, Any]]:
    """What the messages in a queue say about themselves."""
    return [json.loads(raw)["headers"] for raw in valkey.lrange(queue, 0, -1)]


def chord_body(raw: bytes) -> str | None:
    """The task id of the body that a message names."""
    _, _, embedded = json.loads(base64.b64decode(json.loads(raw)["body"]))
    return embedded["chord"]["options"]["task_id"] if embedded["chord"] else None


def test_the_last_part_makes_the_body_due() -> None:
    body = put_join("first", "second")

    run(part("first"))
    assert (now(body).state, now(body).open_parts) == ("waiting", 1)

    run(part("second"))
    assert (now(body).state, now(body).open_parts) == ("pending", 0)
    assert run(body).state == "done"


def test_eight_last_parts_at_once_do_not_miss_each_other() -> None:
    body = put_join(*"abcdefgh")
    start = threading.Barrier(8)

    def work(job: Job) -> None:
        start.wait()
        deliver(job)
        connection.close()

    racers = [threading.Thread(target=work, args=[job]) for job in body.parts.all()]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()

    assert (now(body).state, now(body).open_parts) == ("pending", 0)


def test_a_last_part_waits_for_one_that_is_being_settled() -> None:
    body = put_join("first", "second")
    first = claims.claim(part("first").pk, task=body.task, worker="1:1", lease=60)
    assert isinstance(first, Claim)

    def work() -> None:
        deliver(part("second"))
        connection.close()

    second = threading.Thread(target=work)
    with transaction.atomic():
        settling.finish(first)
        second.start()
        assert wait_for(somebody_waits, patience=5)
    second.join()

    assert (now(body).state, now(body).open_parts) == ("pending", 0)


def somebody_waits() -> bool:
    """Whether a statement waits for a row that another has locked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


def test_a_body_cannot_be_claimed_while_a_part_is_open() -> None:
    body = put_join("first", "second")
    run(part("first"))

    assert deliver(body) == "ignore"
    assert now(body).state == "waiting"


def test_a_join_goes_out_as_a_whole_and_once(queued: Queues) -> None:
    put_join("first", "second", "third")

    assert [send_due(), send_due()] == [3, 0]
    assert queued("critical") == 3


def test_a_body_is_left_to_its_chord_for_two_seconds_and_then_sent(
    queued: Queues, *, chords: bool
) -> None:
    body = put_join("first", "second")
    send_due()
    run(part("first"))
    run(part("second"))

    assert send_due() == (0 if chords else 1)
    Job.objects.filter(pk=body.pk, state="pending").update(next_at=Now())
    send_due()
    assert queued("critical") == 3


def test_the_chords_own_message_may_start_the_body_at_once() -> None:
    body = put_join("first", "second")
    send_due()
    run(part("first"))
    run(part("second"))

    assert run(body).state == "done"


def test_a_body_that_was_put_off_is_not_started_early_by_a_late_message() -> None:
    body = put_join("only")
    run(part("only"))
    fail_with("body", Snooze("not yet", seconds=60))
    run(body)

    assert deliver(body) == "ignore"
    assert now(body).snoozes == 1


def test_the_only_part_of_a_join_needs_no_chord(queued: Queues, valkey: Any) -> None:
    body = put_join("only")
    assert send_due() == 1
    assert headers(valkey)[0]["group"] is None

    run(part("only"))

    assert send_due() == 1
    assert now(body).sent_at is not None


def test_a_part_sent_again_belongs_to_its_chord(valkey: Any, *, chords: bool) -> None:
    body = put_join("first", "second")
    send_due()
    first = headers(valkey)
    Job.objects.filter(body=body).update(sent_at=Now() - timedelta(minutes=1))
    Queue.objects.create(name="critical", seen=Now())

    assert give_lost_hints_again() == 2
    send_due()

    again = headers(valkey)[: len(first)]
    assert {found["group"] for found in again} == {found["group"] for found in first}
    assert {chord_body(raw) for raw in valkey.lrange("critical", 0, -1)} == {
        str(body.task_id) if chords else None
    }


def test_a_part_that_is_tried_again_is_counted_once() -> None:
    body = put_join("first", "second")
    fail_with("first", OSError("once"))
    run(part("first"))
    Job.objects.update(next_at=Now())
    DEEDS["first"] = lambda: None
    run(part("first"))
    deliver(part("first"))

    assert now(body).open_parts == 1


def test_a_body_waits_for_a_buried_part_only_so_long() -> None:
    body = put_join("first", "second")
    fail_with("first", Bury("never"))
    run(part("first"))
    run(part("second"))
    patience = (now(body).release_at or body.created_at) - body.created_at
    assert timedelta(minutes=14) < patience < timedelta(minutes=16)
    assert expiry.release_patient_bodies() == 0

    Job.objects.filter(pk=body.pk).update(release_at=Now())

    assert expiry.release_patient_bodies() == 1
    assert run(body).state == "done"


def test_a_body_does_not_leave_without_a_part_that_is_being_worked_on() -> None:
    body = put_join("first", "second")
    fail_with("first", Bury("never"))
    run(part("first"))
    Job.objects.filter(pk=body.pk).update(release_at=Now())

    assert expiry.release_patient_bodies() == 0


def test_a_part_replayed_after_its_body_left_changes_nothing_of_it() -> None:
    body = put_join("first", "second")
    fail_with("first", Bury("never"))
    run(part("first"))
    run(part("second"))
    Job.objects.filter(pk=body.pk).update(release_at=Now())
    expiry.release_patient_bodies()
    run(body)

    DEEDS["first"] = lambda: None
    dead_letters.replay_jobs([part("first").pk], by="eva")
    send_due()

    assert run(part("first")).state == "done"
    assert (now(body).state, now(body).epoch) == ("done", 1)


@pytest.mark.parametrize("deed", ["replay", "discard"])
def test_a_buried_part_that_a_person_saw_to_releases_its_body(deed: str) -> None:
    body = put_join("first", "second")
    fail_with("first", Bury("never"))
    run(part("first"))
    run(part("second"))
    DEEDS["first"] = lambda: None

    if deed == "replay":
        dead_letters.replay_jobs([part("first").pk], by="eva")
        run(part("first"))
    else:
        dead_letters.discard_jobs([part("first").pk], by="eva", reason="not needed")

    assert (now(body).state, now(body).open_parts) == ("pending", 0)


def test_a_wave_of_joins_is_sent_whatever_the_batch(queued: Queues, settings: Settings) -> None:
    settings.HINTS_AHEAD = 1_000
    for number in range(3):
        body = put_join()
        Job.objects.filter(pk=body.pk).update(key=f"body{number}", open_parts=60)
        rows = [
            Job(key=f"{number}:{at}", subject="s", task=body.task, queue=body.queue, body=body)
            for at in range(60)
        ]
        Job.objects.bulk_create(rows)

    while send_due():
        pass

    assert queued("critical") == 180
