"""How long a job waits whose external service has as many calls under way as it may have."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from deferral.external import pacing
from deferral.external.pacing import LONGEST_WAIT, MIN_WAIT, one_of_few, time_to_wait
from deferral.external_services import ExternalServices
from deferral.models import Job
from tests.deferral.bench import put
from tests.rig import clocks

SLOW = ExternalServices("slow ").named("one")


@pytest.fixture(autouse=True)
def _nothing_known() -> Iterator[None]:
    pacing.forget()
    yield
    pacing.forget()


def call(seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that took so long."""
    now = time.monotonic()
    with monkeypatch.context() as patched:
        clocks.replace(patched, "monotonic", iter((now, now + seconds)).__next__)
        with one_of_few(SLOW):
            pass


def crowd(many: int, service: str = SLOW) -> None:
    """So many jobs wait for it already."""
    for number in range(many):
        put(f"{service}-{number}", queue="partners", service=service)


def longest(*, at_once: int = 1) -> float:
    """Of many, nearly what was planned: each waits from half of it to all of it."""
    waits = [time_to_wait(SLOW, at_once=at_once) for _ in range(60)]
    assert max(waits) <= 2 * min(waits)
    return max(waits)


def test_who_waits_alone_waits_about_as_long_as_a_call_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert MIN_WAIT * 0.8 < longest() <= MIN_WAIT
    call(12, monkeypatch)

    assert 9.6 < longest() <= 12


def test_behind_a_crowd_it_waits_longer_and_with_more_calls_at_once_less(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    call(1, monkeypatch)
    crowd(23)

    assert 19 < longest() <= 24
    assert 4.8 < longest(at_once=4) <= 6
    assert longest(at_once=20) <= MIN_WAIT


def test_the_crowd_of_a_quick_service_is_soon_through(monkeypatch: pytest.MonkeyPatch) -> None:
    call(0.01, monkeypatch)
    crowd(99)

    assert 8 < longest() <= 10


def test_nobody_waits_longer_than_for_the_longest_time(monkeypatch: pytest.MonkeyPatch) -> None:
    call(60, monkeypatch)
    crowd(10)

    assert LONGEST_WAIT * 0.8 < longest() <= LONGEST_WAIT


def test_a_call_that_hangs_now_says_more_than_those_before_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    call(0.5, monkeypatch)
    monkeypatch.setattr(pacing, "_under_way", {SLOW: [time.monotonic() - 30]})

    assert 24 < longest() <= 31


def test_those_who_wait_for_something_else_do_not_count() -> None:
    crowd(30)
    crowd(30, service="another")
    Job.objects.filter(service=SLOW).update(next_at=Now() + timedelta(hours=5))

    assert longest() <= MIN_WAIT


def test_a_call_that_is_unlike_the_others_counts_for_half(monkeypatch: pytest.MonkeyPatch) -> None:
    for took in (2, 10):
        call(took, monkeypatch)

    assert 4.8 < longest() <= 6


def test_of_very_many_not_all_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "MOST_COUNTED", 5)
    call(1, monkeypatch)
    crowd(20)

    assert 4.8 < longest() <= 6
