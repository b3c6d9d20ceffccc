"""The breaker on a real database: shared, one probe at a time, and never in the way of work."""

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import ProgrammingError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F
from django.db.models.functions import Now

from deferral.errors import Bury, ServiceAway
from deferral.external import overrides
from deferral.external.breakers import _KNOWN, calling, forget, open_breakers
from deferral.external.rules import GOOD_PROBES, MIN_CALLS
from deferral.external_services import ExternalServices
from deferral.failure_kinds import FailureKind
from deferral.models import Breaker, Intervention
from tests.deferral.bench import doing, run
from tests.rig import clocks

PARTNER, WAREHOUSE = map(ExternalServices().named, ("partner", "warehouse"))


def fail(times: int = MIN_CALLS) -> None:
    for _ in range(times):
        with calling(PARTNER) as call:
            call.failed("partner answered 503", FailureKind.UNABLE)


def answer() -> None:
    with calling(PARTNER):
        pass


def later(seconds: float) -> None:
    """As if so much time had passed: the row's moments move back, and everybody reads it anew."""
    ago = timedelta(seconds=seconds)
    moments = ("window_began", "open_until", "probe_until", "failing_since", "answered_at")
    Breaker.objects.update(**{name: F(name) - ago for name in moments})
    forget()


def forget_rows() -> None:
    """What was read, not what is still to be told."""
    _KNOWN.breakers.forget()  # as if a second had passed


def test_after_ten_failures_nobody_calls() -> None:
    fail()

    with pytest.raises(ServiceAway, match="partner answered 503") as away, calling(PARTNER):
        pytest.fail("it was called")

    assert 0 < away.value.seconds < 60
    assert set(open_breakers()) == {"partner"}


def test_another_process_reads_it_and_another_service_is_called() -> None:
    fail()
    forget()

    with pytest.raises(ServiceAway), calling(PARTNER):
        pytest.fail("it was called")
    with calling(WAREHOUSE):
        pass


def test_good_news_may_wait_and_is_told_with_the_next_failure() -> None:
    answer()
    for _ in range(30):
        answer()
    assert Breaker.objects.get().calls == 1

    fail(1)
    assert (Breaker.objects.get().calls, Breaker.objects.get().failures) == (32, 1)


def test_of_many_who_ask_at_once_one_makes_the_probe() -> None:
    fail()
    later(60)
    together, sent_away, admitted = threading.Barrier(8), threading.Semaphore(0), []

    def ask(number: int) -> None:
        together.wait()
        try:
            with calling(PARTNER):
                admitted.append(number)
                assert all(sent_away.acquire(timeout=20) for _ in range(7))
        except ServiceAway:
            sent_away.release()
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=[n]) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(admitted) == 1
    assert Breaker.objects.get().good_probes == 1


def test_three_good_probes_close_it() -> None:
    fail()
    later(60)
    for _ in range(GOOD_PROBES):
        answer()

    assert Breaker.objects.get().openings == 0
    assert open_breakers() == {}


def test_a_probe_that_dies_is_waited_for_half_a_minute() -> None:
    fail()
    later(60)
    Breaker.objects.update(probe_until=Now() + timedelta(seconds=30))
    with pytest.raises(ServiceAway), calling(PARTNER):
        pytest.fail("it was called")

    later(31)
    answer()
    assert Breaker.objects.get().good_probes == 1


def test_an_error_of_our_own_says_nothing_and_gives_the_probe_back() -> None:
    fail()
    later(60)
    with pytest.raises(ZeroDivisionError), calling(PARTNER):
        raise ZeroDivisionError

    row = Breaker.objects.get()
    assert (row.good_probes, row.probe_until, row.openings) == (0, None, 1)


def test_a_refusal_is_an_answer() -> None:
    for _ in range(MIN_CALLS * 2):
        with pytest.raises(Bury), calling(PARTNER):
            raise Bury("partner answered 410")

    assert open_breakers() == {}


def test_one_that_keeps_us_until_the_time_limit_has_failed() -> None:
    for _ in range(MIN_CALLS):
        with pytest.raises(SoftTimeLimitExceeded), calling(PARTNER):
            raise SoftTimeLimitExceeded

    assert set(open_breakers()) == {"partner"}


def test_answers_from_before_it_opened_are_no_good_probe() -> None:
    answer()
    for _ in range(3):
        answer()  # not told yet
    Breaker.objects.update(openings=1, open_until=Now() - timedelta(seconds=1))
    forget_rows()
    with pytest.raises(ZeroDivisionError), calling(PARTNER):
        raise ZeroDivisionError

    assert Breaker.objects.get().good_probes == 0


def test_an_answer_that_is_raised_about_is_an_answer() -> None:
    fail()
    later(60)

    def answered_oddly() -> None:
        with calling(PARTNER) as call:
            call.answered()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        answered_oddly()

    assert Breaker.objects.get().good_probes == 1


def test_a_job_that_meets_it_waits_and_loses_no_attempt() -> None:
    fail()
    job = run(doing(answer))

    assert (job.state, job.attempts, job.snoozes, job.errors) == ("pending", 0, 1, [])
    assert job.next_at > job.created_at + timedelta(seconds=20)


@pytest.mark.parametrize("broken", ["_read", "_write"])
def test_a_broken_breaker_lets_work_through(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fail()
    forget()

    def away(*_: Any, **__: Any) -> None:
        raise ProgrammingError("the table is gone")

    target = {"_read": "annotate", "_write": "select_for_update"}[broken]
    if broken == "_write":
        Breaker.objects.all().delete()
    monkeypatch.setattr(f"django.db.models.query.QuerySet.{target}", away)
    answer()
    answer()


def test_a_breaker_that_somebody_holds_lets_work_through(elsewhere: BaseDatabaseWrapper) -> None:
    fail(times=1)
    with elsewhere.cursor() as cursor:
        cursor.execute("BEGIN; SELECT 1 FROM deferral_breaker FOR UPDATE")
    fail(times=1)

    assert Breaker.objects.get().failures == 1


def test_a_call_in_a_transaction_is_a_mistake_and_said_so() -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        answer()


def test_a_persons_word_holds_and_is_recorded() -> None:
    answer()
    overrides.force(
        name="partner", override=Breaker.Override.OPEN, by="ada", reason="they move house"
    )
    forget()
    with pytest.raises(ServiceAway), calling(PARTNER):
        pytest.fail("it was called")

    overrides.force(name="partner", override=Breaker.Override.CLOSED, by="ada", reason="must go")
    forget()
    fail(MIN_CALLS * 2)
    answer()

    overrides.force(name="partner", override=Breaker.Override.NO, by="grace", reason="all well")
    forget()
    answer()
    words = Intervention.objects.order_by("id").values_list("action", "by", "breaker_id", "reason")
    assert list(words) == [
        ("open", "ada", "partner", "they move house"),
        ("close", "ada", "partner", "must go"),
        ("release", "grace", "partner", "all well"),
    ]


def test_nobody_unknown_is_held() -> None:
    with pytest.raises(Breaker.DoesNotExist):
        overrides.force(name="nobody", override=Breaker.Override.OPEN, by="ada", reason="why not")


def test_what_a_process_has_read_it_believes_for_a_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer()
    forget()
    answer()
    Breaker.objects.update(override="open")
    answer()

    clock = time.monotonic() + 1.1
    clocks.replace(monkeypatch, "monotonic", lambda: clock)
    with pytest.raises(ServiceAway), calling(PARTNER):
        pytest.fail("it was called")
