"""Two at the same moment, again and again: whoever comes first, it ends the same."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.functions import Now
from pytest_django.fixtures import Settings

from deferral.errors import Bury
from deferral.ledger import dead_letters
from deferral.models import Intervention, Job
from deferral.relay import rescue
from deferral.relay.publishing import send_due
from deferral.tasks import current_job
from tests.deferral.bench import DEEDS, deliver, doing, now, put, put_join
from tests.deferral.conftest import Queues
from tests.rig.racing import ROUNDS, at_once

pytestmark = pytest.mark.exhaustive

rounds = pytest.mark.parametrize("round_", range(ROUNDS))


@pytest.fixture(params=[True, False], ids=["chords", "no chords"])
def chords(request: pytest.FixtureRequest, settings: Settings) -> bool:
    """Both positions of the switch."""
    settings.JOINS_AS_CHORDS = request.param
    return bool(request.param)


def noting(seen: list[str], what: str) -> Callable[[], None]:
    """A deed that leaves a note."""
    return lambda: seen.append(what)


def join_of(seen: list[str], *parts: str) -> Job:
    """A join whose parts and body leave notes."""
    body = put_join(*parts, kwargs={"deed": "body"})
    for key in (*parts, "body"):
        DEEDS[key] = noting(seen, key)
        Job.objects.filter(key=key).update(kwargs={"deed": key})
    return body


def part(key: str) -> Job:
    return Job.objects.get(key=key)


def dead_part(body: Job, key: str) -> Job:
    """One of the body's parts, buried."""
    row = part(key)
    DEEDS[key] = bury
    deliver(row)
    assert now(row).state == "dead"
    assert now(body).state == "waiting"
    return row


def bury() -> None:
    raise Bury("never")


@rounds
def test_a_message_that_comes_twice_at_once_is_one_run(round_: int) -> None:
    seen: list[str] = []
    job = doing(noting(seen, "job"))

    at_once(*[lambda: deliver(job)] * 3)

    assert seen == ["job"]
    assert (now(job).state, now(job).epoch) == ("done", 1)


@rounds
def test_who_lost_the_lock_finishes_beside_who_takes_over_and_one_effect_stands(
    round_: int, elsewhere: BaseDatabaseWrapper, settings: Settings
) -> None:
    settings.CRASH_GRACE = 0
    pid, cut = list[int](), threading.Event()
    meet = threading.Barrier(2)

    def lose_the_session() -> None:
        if not pid:
            pid.append(connection.connection.info.backend_pid)
            cut.wait()
            connection.close()  # what a pool, or an impatient library, may do
            meet.wait()
        with current_job().finishing():
            mark = f"{current_job().claim.epoch}"
            Session.objects.create(session_key=mark, expire_date=datetime.now(UTC))

    def take_over() -> None:
        while not pid:
            pass
        with elsewhere.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 1000)", pid)
        cut.set()
        meet.wait()
        rescue.rescue(forgiving=False)
        deliver(job)

    job = doing(lose_the_session)
    elsewhere.inc_thread_sharing()
    at_once(lambda: deliver(job), take_over)

    assert Session.objects.count() == 1
    assert now(job).state == "done"


@rounds
def test_two_last_parts_at_once_start_their_body_once(
    round_: int, queued: Queues, *, chords: bool
) -> None:
    seen: list[str] = []
    body = join_of(seen, "first", "second")
    send_due()

    at_once(lambda: deliver(part("first")), lambda: deliver(part("second")))
    assert (now(body).state, now(body).open_parts) == ("pending", 0)
    at_once(lambda: deliver(body), lambda: deliver(body))

    assert seen.count("body") == 1
    assert now(body).epoch == 1


@rounds
def test_a_bodys_message_beside_its_last_part_never_starts_it_early(
    round_: int, queued: Queues, *, chords: bool
) -> None:
    seen: list[str] = []
    body = join_of(seen, "first", "second")
    send_due()
    deliver(part("first"))

    at_once(lambda: deliver(part("second")), lambda: deliver(body))
    deliver(body)

    assert seen == ["first", "second", "body"]
    assert now(body).state == "done"


@rounds
def test_a_bodys_message_beside_the_relays_own_is_one_run(round_: int, queued: Queues) -> None:
    seen: list[str] = []
    body = join_of(seen, "first", "second")
    send_due()
    for key in ("first", "second"):
        deliver(part(key))
    Job.objects.filter(pk=body.pk).update(next_at=Now())  # the chord's two seconds are over

    at_once(lambda: deliver(body), lambda: (send_due(), deliver(body)))

    assert seen.count("body") == 1
    assert now(body).state == "done"


@rounds
def test_the_last_part_beside_the_discarding_of_a_dead_one_releases_the_body(round_: int) -> None:
    seen: list[str] = []
    body = join_of(seen, "first", "second")
    dead = dead_part(body, "first")

    at_once(
        lambda: deliver(part("second")),
        lambda: dead_letters.discard_jobs([dead.pk], by="eva", reason="not needed"),
    )

    assert (now(body).state, now(body).open_parts) == ("pending", 0)


@rounds
def test_two_replays_of_one_dead_letter_are_one(round_: int) -> None:
    job = put("job", state="dead", attempts=3, cause="OSError")

    counts = at_once(*[lambda: dead_letters.replay_jobs([job.pk], by="eva")] * 2)

    assert sorted(counts) == [0, 1]
    assert Intervention.objects.count() == 1
    assert deliver(job) == "success"


@rounds
def test_of_replaying_and_discarding_the_same_dead_letters_one_is_done(round_: int) -> None:
    body = put_join("first", "second")
    both = [part(key).pk for key in ("first", "second")]
    Job.objects.filter(pk__in=both).update(state="dead", cause="OSError")

    replayed, discarded = at_once(
        lambda: dead_letters.replay_jobs(both, by="eva"),
        lambda: dead_letters.discard_jobs(reversed(both), by="tom", reason="not needed"),
    )

    assert sorted([replayed, discarded]) == [0, 2]
    assert set(Intervention.objects.values_list("by", flat=True)) == {"eva" if replayed else "tom"}
    assert (now(body).state, now(body).open_parts) == (
        ("waiting", 2) if replayed else ("pending", 0)
    )
