"""Months in the admin, on the command line, and what only some may open."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from deferral.models import Job
from reports.models import StatementFile
from tests.deferral.staff import sitting
from tests.reports.months import asked, at, bought, made

pytestmark = pytest.mark.django_db(transaction=True)
MONTHS, CUSTOMERS = "/admin/reports/statementrun/", "/admin/reports/statement/"


@pytest.fixture
def november() -> None:
    bought(at(2026, 11, 10), "Ada@example.org")
    bought(at(2026, 11, 11), "bob@example.org")
    made("2026-11")


def said(*words: str) -> str:
    out = StringIO()
    call_command("statements", *words, stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("november")
def test_a_month_says_how_many_are_made_and_what_their_sums_are(admin_client: Client) -> None:
    shown = admin_client.get(MONTHS).content.decode()
    assert "November 2026" in shown
    assert "2 made" in shown

    run = StatementFile.objects.filter(statement=None).get().run
    page = admin_client.get(f"{MONTHS}{run.pk}/change/").content.decode()
    assert admin_client.get(f"{CUSTOMERS}?run__id__exact={run.pk}").status_code == 200
    assert f"?run__id__exact={run.pk}" in page
    assert "€147.00" in page
    assert f"/statements/{run.key}/" in page


@pytest.mark.usefixtures("november")
def test_a_customers_statement_is_found_by_the_address_in_any_case(admin_client: Client) -> None:
    rows = admin_client.get(f"{CUSTOMERS}?q=ada@example.org").context["cl"].result_list
    assert [row.customer for row in rows] == ["ada@example.org"]
    page = admin_client.get(f"{CUSTOMERS}{rows[0].pk}/change/").content.decode()
    assert f"/statements/{rows[0].key}/" in page


@pytest.mark.usefixtures("november")
def test_what_is_not_written_can_be_listed_alone(admin_client: Client) -> None:
    StatementFile.objects.filter(statement__customer="bob@example.org").delete()

    rows = admin_client.get(f"{CUSTOMERS}?written=no").context["cl"].result_list
    assert [row.customer for row in rows] == ["bob@example.org"]
    assert "1 need" in admin_client.get(MONTHS).content.decode()


@pytest.mark.parametrize("page", [MONTHS, CUSTOMERS])
@pytest.mark.usefixtures("november")
def test_a_list_of_ten_asks_no_more_than_a_list_of_two(
    admin_client: Client, page: str, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(50) as two:  # type: ignore[operator]  # a fixture
        admin_client.get(page)
    for month in range(1, 9):
        bought(at(2026, month, 10), f"c{month}@example.org")
        made(f"2026-{month:02}")
    with django_assert_max_num_queries(len(two)):  # type: ignore[operator]
        assert admin_client.get(page).status_code == 200


@pytest.mark.usefixtures("november")
def test_a_file_is_opened_by_whoever_sees_statements_and_by_nobody_else(client: Client) -> None:
    address = f"/statements/{StatementFile.objects.exclude(statement=None)[0].key}/"
    assert client.get(address).status_code == 404

    answer = sitting("view_statement").get(address)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]

    assert sitting("view_document").get(address).status_code == 404


def test_the_command_begins_a_month_once_and_then_says_how_far_it_is() -> None:
    bought(at(2026, 10, 10))
    assert "0 made, under way" in said("2026-10")
    made("2026-10")

    assert "2026-10  1 made" in said("2026-10")
    assert "2026-10  1 made" in said()
    assert Job.objects.filter(task="reports.make_statements").count() == 1


def test_the_command_begins_all_that_are_missing() -> None:
    bought(at(2026, 9, 10), created_at=at(2026, 9, 10))
    asked("2026-09")

    assert said("--missing") == "Begun: 2026-10.\n"
    assert said("--missing") == "No month is missing.\n"


@pytest.mark.parametrize("month", ["2026-13", "2026-1", "gestern", "9999-12", "0000-01", "2126-01"])
def test_what_is_no_month_or_is_not_over_is_refused_with_a_sentence(month: str) -> None:
    with pytest.raises(CommandError, match="month"):
        said(month)
