"""Jobs that are pointless now are given up, visibly, and hold nothing up."""

from datetime import UTC, datetime, timedelta

from deferral.relay import expiry, publishing
from tests.deferral.bench import deliver, now, put, put_join, run
from tests.deferral.conftest import Queues

PAST = datetime.now(UTC) - timedelta(seconds=1)


def test_an_expired_job_is_neither_sent_nor_run(queued: Queues) -> None:
    job = put("late", expires_at=PAST)

    publishing.send_due()

    assert queued("critical") == 0
    assert deliver(job) == "ignore"
    expiry.expire_jobs()
    assert now(job).state == "expired"


def test_a_running_job_is_not_expired_under_its_worker() -> None:
    job = put("running", expires_at=PAST, state="running")

    expiry.expire_jobs()

    assert now(job).state == "running"


def test_parts_that_expire_release_what_waits_for_them() -> None:
    body = put_join("first", "second", "third")
    body.parts.exclude(key="third").update(expires_at=PAST)

    assert expiry.expire_jobs() == 2
    assert (now(body).state, now(body).open_parts) == ("waiting", 1)

    run(body.parts.get(key="third"))
    assert now(body).state == "pending"


def test_a_body_is_due_when_its_last_part_expires() -> None:
    body = put_join("only")
    body.parts.update(expires_at=PAST)

    expiry.expire_jobs()

    assert (now(body).state, now(body).open_parts) == ("pending", 0)


def test_an_expired_job_does_not_hold_up_its_series() -> None:
    put("first", ordering_key="s", expires_at=PAST)
    second = put("second", ordering_key="s")

    expiry.expire_jobs()

    assert run(second).state == "done"
