"""A cause is what there is to mend: the same for every row that it stops, and no other."""

from typing import Any

import pytest

from deferral.errors import Bury, Retry
from deferral.ledger.reports import describe
from deferral.models import Job
from tests.deferral.bench import doing, now, run


def raising(error: Exception) -> Any:
    def deed() -> None:
        raise error

    return deed


def causes() -> list[str]:
    return sorted(Job.objects.values_list("cause", flat=True))


def test_a_buried_job_names_what_stopped_it_and_its_services_words_do_not_count() -> None:
    cause = "the partner answered 410"
    for n in (1, 2):
        run(doing(raising(Bury(f"{cause}: gone, ticket {n}", cause=cause)), key=f"job{n}"))

    assert causes() == [cause, cause]


def test_numbers_do_not_make_two_causes_of_one() -> None:
    for n in (17, 4711):
        run(doing(raising(Bury(f"order {n} has no address")), key=f"job{n}"))

    assert causes() == ["order # has no address"] * 2


def test_an_error_of_ours_is_named_with_the_function_it_left() -> None:
    row = run(doing(raising(ZeroDivisionError("by 17"))))

    assert row.state == "dead"
    assert row.cause == "ZeroDivisionError in deferral.threads.limits.TimeLimits.run"


def test_what_lives_has_no_cause() -> None:
    assert run(doing(raising(Retry("busy")))).cause == ""


def test_a_cause_holds_nobodys_address() -> None:
    assert describe(Bury("ada@example.org refused"))["cause"] == "a***@example.org refused"


@pytest.mark.parametrize("length", [1_000])
def test_a_cause_fits_its_column(length: int) -> None:
    row = run(doing(raising(Bury("x" * length))))

    assert len(now(row).cause) == 120


def test_an_attempt_that_failed_says_when_it_began() -> None:
    row = run(doing(raising(Retry("busy"))))

    [error] = row.errors
    assert error["began"] <= error["at"]
    assert error["began"].startswith(row.started_at.strftime("%Y-%m-%dT%H:%M:"))  # type: ignore[union-attr]  # it ran
