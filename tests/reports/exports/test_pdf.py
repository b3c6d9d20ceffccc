"""Rows on paper."""

from typing import Any

import pypdfium2
import pytest

from reports.exports import pdf_file, rows
from reports.models import Export
from tests.reports.exports.exporting import orders, whole, written


def pages(export: Export) -> list[str]:
    """The text of each page."""
    found = pypdfium2.PdfDocument(whole(export))
    return [page.get_textpage().get_text_bounded() for page in found]


def test_every_row_is_there_once_and_the_pages_are_counted(
    clerk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed = orders(205)
    monkeypatch.setattr(rows, "ROWS_ON_PAPER", 80)
    monkeypatch.setattr(pdf_file, "PAGES_OF_A_PART", 2)
    found = pages(written(clerk, format="pdf", columns=["number", "total_cents"]))
    numbers = [line for page in found for line in page.split() if line.startswith("H-")]

    assert numbers == [order.number for order in placed]
    assert [f"Page {n} of 6" in page for n, page in enumerate(found, 1)] == [True] * 6


def test_an_empty_list_is_a_page_that_says_so(clerk: Any) -> None:
    (page,) = pages(written(clerk, format="pdf", columns=["number", "name"]))

    assert "No rows" in page
    assert "Page 1 of 1" in page


def test_what_does_not_fit_is_cut_and_says_so(clerk: Any) -> None:
    orders(1, name="Wolfeschlegelsteinhausenbergerdorff " * 4)
    (page,) = pages(written(clerk, format="pdf", columns=["number", "name", "email", "address"]))

    assert "Wolfeschlegelsteinhausenbergerdorff" in page
    assert "…" in page


@pytest.mark.parametrize(
    "name", ["#strong[x]", "\u202eevil", "李雷 😀", "محمد الخوارزمي", "bell\x07", "*x* _y_ `z`"]
)
def test_whatever_is_in_a_name_there_is_a_page(clerk: Any, name: str) -> None:
    orders(3, name=name)
    (page,) = pages(written(clerk, format="pdf", columns=["number", "name"]))

    assert page.count("H-") == 3
