"""A month's statements: for each customer one, of what happened in it, as it stood then."""

from datetime import UTC, datetime
from typing import Any

import pytest

from deferral.fan_out import add_parts
from deferral.models import Event, Job
from orders.models import Order
from reports.errors import MonthNotOver
from reports.models import Statement, StatementFile, StatementRun
from reports.statements import making, writing
from reports.statements.asking import ask_for_missing, ask_for_month
from reports.statements.entries import count_customers
from reports.statements.months import beginning_of, month_named, next_month
from reports.statements.paper import statement_on_paper
from reports.statements.status import status_of
from reports.typesetting import typeset
from tests.reports.months import (
    asked,
    at,
    bought,
    made,
    paid_back,
    replay_dead,
    work,
    work_all,
)
from tests.reports.paid_orders import opened

pytestmark = pytest.mark.django_db(transaction=True)
NOVEMBER = at(2026, 11, 10, 12)
ORDER = 7_350


def sums(run: StatementRun, kind: str) -> Any:
    return run.totals["sums"]["eur"][kind]  # type: ignore[index]  # JSON


def only(run: StatementRun) -> Statement:
    return run.statements.get()


def test_a_customers_month_is_a_pdf_and_the_months_sums_are_another() -> None:
    order = bought(NOVEMBER)
    paid_back(order, 2_450, at(2026, 11, 12))

    run = made("2026-11")

    assert sums(run, "order") == sums(run, "payment") == [1, ORDER]
    assert sums(run, "refund") == [1, 2_450]
    assert {file.statement_id for file in run.files.all()} == {only(run).pk, None}
    assert all(len(opened(file.read()).pages) == 1 for file in run.files.all())
    assert not Job.objects.exclude(state="done").exists()


def test_asked_twice_a_month_is_made_once() -> None:
    bought(NOVEMBER)
    first = made("2026-11")
    again = made("2026-11")

    assert first == again
    assert StatementFile.objects.count() == 2
    assert Job.objects.filter(task="reports.make_statements").count() == 1


def test_one_address_is_one_customer_however_it_is_spelt() -> None:
    for email in ("ada@example.org", "Ada@Example.ORG", "ADA@EXAMPLE.org", "bob@example.org"):
        bought(NOVEMBER, email)

    run = made("2026-11")

    found = {one.customer: one.content["sums"]["eur"]["order"][0] for one in run.statements.all()}
    assert found == {"ada@example.org": 3, "bob@example.org": 1}


@pytest.mark.parametrize(
    ("paid_at", "month"),
    [
        (at(2026, 11, 1), "2026-11"),
        (datetime(2026, 10, 31, 22, 59, 59, 999_999, tzinfo=UTC), "2026-10"),
        (datetime(2026, 10, 31, 23, tzinfo=UTC), "2026-11"),
        (at(2026, 10, 25, 2, 30, fold=1), "2026-10"),
        (at(2026, 12, 31, 23, 59, 59), "2026-12"),
        (at(2026, 3, 29, 3), "2026-03"),
    ],
)
def test_what_is_paid_at_a_border_is_in_one_month(paid_at: datetime, month: str) -> None:
    bought(paid_at)
    months = [month_named(f"2026-{number:02}") for number in range(1, 13)]

    periods = {one: (beginning_of(one), beginning_of(next_month(one))) for one in months}

    assert [one for one in months if count_customers(*periods[one])] == [month_named(month)]


def test_what_goes_back_later_is_no_part_of_a_frozen_month() -> None:
    order = bought(NOVEMBER)
    before = made("2026-11").totals
    refund = paid_back(order, ORDER, at(2026, 12, 1))
    Order.objects.update(total_cents=1)

    assert made("2026-11").totals == before
    december = made("2026-12")
    assert (sums(december, "order"), sums(december, "refund")) == ([0, 0], [1, ORDER])
    assert refund.settled_at == at(2026, 12, 1)


def test_a_statement_is_that_of_the_beginning_however_late_it_is_written() -> None:
    bought(NOVEMBER)
    run = asked("2026-11")
    [job] = Job.objects.filter(task="reports.make_statements")
    work(job)
    Order.objects.update(total_cents=1)
    work_all()

    run.refresh_from_db()
    frozen = typeset("statement.typ", statement_on_paper(only(run)), at=run.until)
    assert only(run).content["sums"]["eur"]["order"] == [1, ORDER]
    assert only(run).file.read() == frozen


def test_a_refund_that_came_back_stands_in_both_months() -> None:
    order = bought(at(2026, 10, 3))
    paid_back(order, 500, NOVEMBER, state="failed", came_back_at=at(2026, 12, 5))

    november, december = made("2026-11"), made("2026-12")

    assert (sums(november, "refund"), sums(november, "return")) == ([1, 500], [0, 0])
    assert (sums(december, "refund"), sums(december, "return")) == ([0, 0], [1, 500])


def test_a_refund_that_never_went_is_in_none() -> None:
    order = bought(at(2026, 10, 3))
    paid_back(order, 500, NOVEMBER, state="failed")

    assert made("2026-11").totals == {"statements": 0, "sums": {}}


def test_a_month_without_an_order_has_its_sums_all_the_same() -> None:
    run = made("2026-11")

    assert run.told_at is not None
    assert not run.missing
    assert run.files.get().statement is None


def test_each_currency_has_sums_of_its_own() -> None:
    bought(NOVEMBER)
    bought(NOVEMBER, currency="chf")

    run = made("2026-11")
    assert run.totals is not None
    assert {name: one["order"] for name, one in run.totals["sums"].items()} == {
        "chf": [1, ORDER],
        "eur": [1, ORDER],
    }


def test_tax_is_that_of_the_lines_and_of_the_shipping() -> None:
    bought(NOVEMBER, shipping_cents=490)

    assert sums(made("2026-11"), "taxes") == {"700": [ORDER, 481], "1900": [490, 78]}


def test_a_month_that_is_not_over_is_not_begun() -> None:
    with pytest.raises(MonthNotOver):
        ask_for_month(month_named("2026-11"), by="eva", now=at(2026, 12, 1, 0, 59))
    assert ask_for_month(month_named("2026-11"), by="eva", now=at(2026, 12, 1, 1))


def test_what_was_missed_is_made_up_for_the_oldest_first() -> None:
    bought(at(2026, 8, 31, 23), created_at=at(2026, 8, 31, 22))
    asked("2026-10")

    found = ask_for_missing(by="beat", now=at(2026, 12, 1, 4))

    assert [run.name for run in found] == ["2026-08", "2026-09", "2026-11"]
    assert ask_for_missing(by="beat", now=at(2026, 12, 1, 4)) == []


def test_nothing_is_made_of_before_the_month_of_the_settings(settings: Any) -> None:
    settings.STATEMENTS_SINCE = "2026-10"
    bought(at(2026, 8, 31, 23), created_at=at(2026, 8, 31, 22))

    found = ask_for_missing(by="beat", now=at(2026, 12, 1, 4))

    assert [run.name for run in found] == ["2026-10", "2026-11"]


def test_no_moment_is_in_two_months_or_in_none_when_the_shop_moves(settings: Any) -> None:
    october = asked("2026-10")
    settings.TIME_ZONE = "America/New_York"
    november = asked("2026-11")
    september = asked("2026-09")

    assert november.since == october.until == at(2026, 11, 1)
    assert september.until == october.since


def test_a_customer_with_very_many_orders_has_all_of_them_in_the_sums(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("reports.statements.content.MOST_ENTRIES", 3)
    for _ in range(3):
        bought(NOVEMBER)

    run = made("2026-11")

    content = only(run).content
    assert (len(content["entries"]), content["more"]) == (3, 3)
    assert sums(run, "order") == [3, 3 * ORDER]


def test_one_that_fails_harms_no_other_and_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    for email in ("ada@example.org", "bob@example.org", "eva@example.org"):
        bought(NOVEMBER, email)
    with monkeypatch.context() as patch:
        refuse("bob@example.org", patch)
        run = made("2026-11")

    assert status_of(run).words == "2 made, 1 needs somebody"
    assert run.missing == 1
    replay_dead()
    run.refresh_from_db()
    assert (run.missing, status_of(run).words) == (0, "3 made")
    told = Event.objects.filter(subject=run.subject).order_by("id").values_list("type", flat=True)
    assert list(told)[1:] == ["reports.statements_made", "reports.statements_mended"]


def refuse(customer: str, patch: pytest.MonkeyPatch) -> None:
    """Nothing can be set for this customer."""

    def broken(statement: Statement) -> dict[str, Any]:
        if statement.customer == customer:
            raise ZeroDivisionError
        return statement_on_paper(statement)

    patch.setattr(writing, "statement_on_paper", broken)


def test_a_chunk_that_dies_is_made_again_and_nobody_is_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("reports.statements.making.CHUNK", 2)
    for n in range(5):
        bought(NOVEMBER, f"c{n}@example.org")
    fail_after(monkeypatch, chunks=1)

    run = made("2026-11")

    assert run.statements.count() == 5
    assert status_of(run).words == "5 made"


def fail_after(patch: pytest.MonkeyPatch, *, chunks: int) -> None:
    """Adding parts fails once, after so many times."""
    calls = []

    def broken(*args: Any, **options: Any) -> int:
        calls.append(1)
        if len(calls) == chunks + 1:
            raise OSError
        return add_parts(*args, **options)

    patch.setattr(making, "add_parts", broken)
