"""What stands in a workbook, as another program reads it."""

import io
import os
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from python_calamine import CalamineWorkbook

from reports.exports import xlsx_file
from reports.models import Export
from tests.reports.exports.exporting import orders, whole, written


def worksheets(export: Export) -> list[list[list[Any]]]:
    """Every sheet's rows."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(whole(export)))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def test_numbers_are_numbers_times_have_their_offset_and_text_is_text(clerk: Any) -> None:
    orders(1, name="=1+1", total_cents=123_456, paid_at=datetime(2026, 7, 1, 10, tzinfo=UTC))
    orders(1, name="-5", total_cents=1, paid_at=None)
    columns = ["number", "name", "total_cents", "paid_at"]

    assert [row[1:] for row in worksheets(written(clerk, format="xlsx", columns=columns))[0]] == [
        ["Name", "Total", "Paid"],
        ["=1+1", 1234.56, "2026-07-01T12:00:00+02:00"],
        ["-5", 0.01, ""],
    ]


def test_parts_of_any_size_make_the_same_workbook(
    clerk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed = orders(10)
    monkeypatch.setattr(settings, "EXPORT_PART_ROWS", 3)

    found = worksheets(written(clerk, format="xlsx", columns=["number"]))
    assert found == [[["Order"], *[[order.number] for order in placed]]]


def test_more_rows_than_a_sheet_has_go_on_the_next(
    clerk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed = orders(5)
    monkeypatch.setattr(xlsx_file, "ROWS_OF_A_SHEET", 2)
    found = worksheets(written(clerk, format="xlsx", columns=["number"]))

    assert [one[0] for one in found] == [["Order"]] * 3
    assert [row for one in found for row in one[1:]] == [[order.number] for order in placed]


def test_nothing_of_a_workbook_is_written_to_the_temporary_folder_of_the_system(
    clerk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a container that is memory. Where none is, as here, a workbook is made all the same."""
    monkeypatch.setenv("TMPDIR", "/nowhere")
    orders(1, total_cents=1)

    found = worksheets(written(clerk, format="xlsx", columns=["total_cents"]))
    assert found == [[["Total"], [0.01]]]
    assert os.environ["TMPDIR"] == "/nowhere"


def test_an_empty_list_is_a_sheet_with_a_header(clerk: Any) -> None:
    found = worksheets(written(clerk, format="xlsx", columns=["number", "name"]))

    assert found[0][0] == ["Order", "Name"]
    assert all(not any(row) for row in found[0][1:])


@pytest.mark.parametrize("name", ["two\nlines", "\x0b\x1f", "_x0041_", "a" * 200, "😀", "'=1"])
def test_whatever_is_in_a_name_the_workbook_can_be_read(clerk: Any, name: str) -> None:
    orders(1, name=name)
    found = worksheets(written(clerk, format="xlsx", columns=["name"]))

    assert found[0][1:] == [[name]]


def test_a_large_number_keeps_its_digits(clerk: Any) -> None:
    """A spreadsheet's number has fifteen: more than that is kept as text."""
    orders(1, total_cents=2_147_483_647)
    found = worksheets(written(clerk, format="xlsx", columns=["total_cents"]))

    assert found[0][1:] == [[21_474_836.47]]


def test_a_cell_is_as_long_as_excel_can_have_it(clerk: Any) -> None:
    orders(1, address="x" * 40_000, total_cents=1)
    columns = ["address", "total_cents"]

    [[address, total]] = worksheets(written(clerk, format="xlsx", columns=columns))[0][1:]
    assert (len(str(address)), total) == (32_767, 0.01)
