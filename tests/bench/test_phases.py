"""What several rounds come to together."""

from datetime import UTC, datetime, timedelta

import pytest

from deferral.models import Job
from tests.bench.parts.waiting.phases import Paid, Phase
from tests.bench.results import Run

BEGAN = datetime(2026, 11, 22, 10, tzinfo=UTC)


def paid(*to_mail: float, jobs: tuple[int, int] = (0, 0), **seen: int) -> Paid:
    run = Run(len(to_mail), 10.0, {"worker": 0.1 * len(to_mail), "producer": 9.0}, list(to_mail))
    usual = {"repeats": 0, "backends": 20, "megabytes": 900, **seen}
    return Paid(run=run, arrivals={"mail": list(to_mail)}, jobs=jobs, **usual)


def done(key: str, queue: str, *, waited: float) -> int:
    due, ran = BEGAN + timedelta(seconds=waited), BEGAN + timedelta(seconds=waited + 2)
    row = Job(key=key, subject="s", task="t", queue=queue, state="done", attempts=2, snoozes=3)
    row.next_at, row.started_at, row.settled_at = BEGAN, due, ran
    row.save()
    return row.pk


def test_the_slowest_and_the_largest_of_all_rounds_count() -> None:
    phase = Phase("two rounds", [paid(2, 3, backends=24), paid(2, 9, megabytes=1_300)])

    assert (phase.mail(50), phase.last_mail) == (2, 9)
    assert (phase.backends, phase.megabytes) == (24, 1_300)


def test_whoever_looks_on_costs_an_order_nothing() -> None:
    assert Phase("one round", [paid(2, 3)]).cpu_ms == {"worker": pytest.approx(100)}


@pytest.mark.django_db
def test_each_queue_has_a_line_of_the_rounds_own_jobs() -> None:
    before = done("another run's", "mail", waited=60)
    first = done("a", "mail", waited=1)
    between = done("between", "mail", waited=60)
    last = done("b", "partners", waited=4)

    phase = Phase("both", [paid(2, jobs=(before, first)), paid(2, jobs=(between, last))])
    whole, *queues = phase.rows()

    assert (whole["jobs"], whole["retries"], whole["snoozes"]) == (2, 2, 6)
    assert [(row["what"], row["p50 s"], row["ran p50 s"]) for row in queues] == [
        ("  queue mail", 1, 2),
        ("  queue partners", 4, 2),
    ]
