"""A job in a thread is ended at its limit, and nobody else ever meets the exception."""

import itertools
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection

from deferral.ledger.claims import Claim
from deferral.threads import limits
from deferral.threads.limits import TimeLimits
from deferral.threads.unsettled import UNSETTLED
from tests.rig.depth import THOROUGH

JOBS = 4_000 if THOROUGH else 800


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> TimeLimits:
    """Looked at so often that a limit strikes anywhere."""
    monkeypatch.setattr(limits, "LOOK_EVERY", 0.0002)
    found = TimeLimits()
    found.start(lambda _: None)
    return found


@pytest.fixture
def _hurried() -> Iterator[None]:
    """Threads change places as often as Python lets them."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def claim() -> Claim:
    values: dict[str, Any] = dict.fromkeys(Claim.__dataclass_fields__)
    return Claim(**values | {"key": "job"})


def spin(seconds: float) -> None:
    """Python code, which the exception can end anywhere."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        pass


def test_what_loops_for_ever_is_ended(kept: TimeLimits) -> None:
    with pytest.raises(SoftTimeLimitExceeded):
        kept.run(claim(), lambda: spin(60), seconds=0.01)

    assert kept._running == {}


def test_it_is_told_once_and_may_clean_up(kept: TimeLimits) -> None:
    told = []

    def clean_up() -> None:
        try:
            spin(60)
        except SoftTimeLimitExceeded:
            told.append(1)
            spin(0.05)
            told.append(2)

    kept.run(claim(), clean_up, seconds=0.01)

    assert told == [1, 2]


@pytest.mark.usefixtures("_hurried")
def test_no_exception_outlives_its_job_though_it_strikes_at_the_very_end(
    kept: TimeLimits,
) -> None:
    """Jobs as long as their limit, one after the other in four threads: many of them are late."""
    with ThreadPoolExecutor(4) as crowd:
        late = sum(crowd.map(lambda _: one_after_the_other(kept), range(4)))  # a stray is raised

    assert kept._running == {}
    assert late > JOBS // 100


def one_after_the_other(kept: TimeLimits) -> int:
    """How many were late."""
    late = 0
    for number in range(JOBS // 4):
        try:
            kept.run(claim(), partial(spin, 0.001), seconds=0.001 + number % 7 * 1e-5)
        except SoftTimeLimitExceeded:
            late += 1
        spin(0.0003)  # the next job's, and everything between two
    return late


@pytest.mark.parametrize("line", range(8))
def test_wherever_it_strikes_as_the_job_ends_nothing_of_it_stays(line: int) -> None:
    """Before each line that runs once the job has returned. That somebody keeps the error changes
    nothing: what is cleared up later would take away the next job's entry.
    """
    kept, lines, late = TimeLimits(), itertools.count(), None
    kept._started = True

    def strike(*_: object) -> Any:
        if not kept._one_at_a_time.locked() and next(lines) == line:
            for found in kept._running.values():
                found.is_told = True
                limits._throw(found.thread, SoftTimeLimitExceeded)
        return strike

    try:
        kept.run(claim(), lambda: sys.settrace(strike), seconds=60)
    except SoftTimeLimitExceeded as error:
        late = error
    finally:
        sys.settrace(None)

    assert kept._running == {}, late


@pytest.mark.django_db
def test_a_statement_is_not_interrupted(kept: TimeLimits) -> None:
    asked = []

    def ask() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.2)")
            asked.append(cursor.fetchone())
        spin(5)

    with pytest.raises(SoftTimeLimitExceeded):
        kept.run(claim(), ask, seconds=0.05)

    assert len(asked) == 1
    assert connection.is_usable()


def test_who_is_given_more_time_is_not_late_to_anybody(kept: TimeLimits) -> None:
    late = list[bool]()

    def go_on() -> None:
        late.append(bool(UNSETTLED.late(by=-1)))
        kept.put_off(60)
        late.append(bool(UNSETTLED.late(by=-1)))

    with UNSETTLED.counted(claim(), seconds=0.5):
        kept.run(claim(), go_on, seconds=0.5)

    assert late == [True, False]


def test_what_would_end_a_process_ends_the_attempt(kept: TimeLimits) -> None:
    with pytest.raises(RuntimeError, match=r"SystemExit\(3\)"):
        kept.run(claim(), lambda: sys.exit(3), seconds=60)
