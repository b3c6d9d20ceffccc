"""What stands in a CSV file."""

import csv
import gzip
import io
import json
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from audit.models import AuditEntry
from orders.models import Order
from reports.exports.catalogue import DATASETS
from reports.models import Export
from shop.models import Product
from tests.reports.exports.exporting import ask, orders, run, table, whole, written

# The same hour of the clock, twice: Berlin puts it back on this night.
SUMMER, WINTER = (
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
)
HARMLESS = [
    "Jörg Müller",
    'Jan "Sam" O\u2019Neill',
    "two\nlines",
    "a,b;c",
    "\u3164\u200b",
    "",
    "\u2019=1+1",
]
FORMULAS = [
    "=1+1",
    "+49 30",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\uff1d1",
    "\uff0b1",
    "\uff0d1",
    "\uff201",
    # What would be taken for a guarded cell when it comes back.
    "'=1+1",
    "''@x",
]


def test_every_row_of_the_list_is_in_it_once_under_a_header(clerk: Any) -> None:
    placed = orders(7)
    export = written(clerk, columns=["number", "email"])

    assert table(whole(export)) == [
        ["Order", "E-mail"],
        *[[order.number, order.email] for order in placed],
    ]
    assert (export.rows, export.ready_at is not None) == (7, True)


def test_parts_of_any_size_make_the_same_file(clerk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    orders(10)
    one = whole(written(clerk, columns=["number"]))
    for size in (1, 3, 10):
        monkeypatch.setattr(settings, "EXPORT_PART_ROWS", size)
        Export.objects.update(asked_at=timezone.now() - timedelta(minutes=2))
        assert whole(written(clerk, columns=["number"])) == one


@pytest.mark.parametrize("name", HARMLESS)
def test_text_is_there_as_it_is(clerk: Any, name: str) -> None:
    orders(1, name=name)

    assert table(whole(written(clerk, columns=["name"])))[1:] == ([[name]] if name else [[""]])


@pytest.mark.parametrize("name", FORMULAS)
def test_what_a_spreadsheet_would_run_begins_with_an_apostrophe(clerk: Any, name: str) -> None:
    orders(1, name=name)

    assert table(whole(written(clerk, columns=["name"])))[1:] == [["'" + name]]


def test_money_is_exact(clerk: Any) -> None:
    for cents in (0, 1, 10, 123_456, 2_147_483_647):
        orders(1, total_cents=cents)
    amounts = [row[0] for row in table(whole(written(clerk, columns=["total_cents"])))[1:]]

    assert amounts == ["0.00", "0.01", "0.10", "1234.56", "21474836.47"]


def test_times_have_the_offset_they_had_in_the_zone_of_the_shop(clerk: Any) -> None:
    orders(1, paid_at=SUMMER)
    orders(1, paid_at=WINTER)
    orders(1, paid_at=None, state="placed")

    assert [row[0] for row in table(whole(written(clerk, columns=["paid_at"])))[1:]] == [
        "2026-10-25T02:30:00+02:00",
        "2026-10-25T02:30:00+01:00",
        "",
    ]


def test_what_is_json_is_json_again(clerk: Any) -> None:
    detail = {"a": ['"', "\n", "ü"], "b": None}
    now = timezone.now()
    AuditEntry.objects.create(
        key="a", action="order_paid", subject="order:1", detail=detail, at=now
    )
    rows_ = table(whole(written(clerk, "audit", columns=["detail"])))

    assert json.loads(rows_[1][0]) == detail


def test_excel_is_told_that_it_is_utf_8(clerk: Any) -> None:
    orders(1)
    with_mark = whole(written(clerk, columns=["name"], for_excel=True))
    without = whole(written(clerk, columns=["name"]))

    assert with_mark == b"\xef\xbb\xbf" + without


def test_a_compressed_file_is_one_member_with_everything(
    clerk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A browser stops after the first member, without a word."""
    orders(10)
    monkeypatch.setattr(settings, "EXPORT_PART_ROWS", 2)
    packed = whole(written(clerk, format="csv.gz"))
    first = zlib.decompressobj(wbits=31)

    assert first.decompress(packed) == whole(written(clerk))
    assert (first.eof, first.unused_data) == (True, b"")
    assert gzip.decompress(packed).count(b"\n") == 11


def test_an_empty_list_is_a_header(clerk: Any) -> None:
    assert table(whole(written(clerk, columns=["number", "name"]))) == [["Order", "Name"]]


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_column_of_every_list_can_be_written(clerk: Any, dataset: str) -> None:
    orders(2)
    export = written(clerk, dataset)
    found = table(whole(export))

    assert found[0] == [column.label for column in DATASETS[dataset].columns]
    assert len(found) == 1 + DATASETS[dataset].rows().filter(pk__lte=export.last_id).count()


def test_customers_are_told_apart_by_address_in_any_spelling(clerk: Any) -> None:
    orders(1, email="Ada@Example.org", name="Ada")
    orders(2, email="ada@example.org", name="A. L.")
    orders(1, email="ada@example.org", paid_at=None)
    orders(1, email="bob@example.org")
    columns = ["email", "name", "orders", "paid_cents"]

    assert table(whole(written(clerk, "customers", columns=columns)))[1:] == [
        ["Ada@Example.org", "Ada", "4", "43.50"],
        ["bob@example.org", "Ada Lovelace", "1", "14.50"],
    ]


def test_the_columns_are_those_chosen_in_the_lists_order(clerk: Any) -> None:
    Product.objects.all().delete()
    Product.objects.create(
        sku="X", slug="x", title="Thing", category="home", price_cents=100, supplier="warehouse"
    )

    export = written(clerk, "products", columns=["price_cents", "sku"])
    assert whole(export) == b"SKU,Price\nX,1.00\n"


def test_what_comes_after_it_was_asked_for_is_not_in_it(clerk: Any) -> None:
    orders(2)
    export = ask(clerk, columns=["number"])
    orders(3)
    run(export)

    assert len(table(whole(export))) == 1 + 2
    assert Order.objects.count() == 5


def test_lines_end_as_csv_readers_of_the_field_take_them(clerk: Any) -> None:
    orders(1, name="two\r\nlines")
    text = whole(written(clerk, columns=["name"])).decode()

    assert list(csv.reader(io.StringIO(text, newline=""))) == [["Name"], ["two\r\nlines"]]
