"""A file of products is read as people and spreadsheets write it, or refused with a sentence."""

import codecs
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from shop.imports.cells import READERS, unguarded
from shop.imports.errors import NotReadable
from shop.imports.table import table_of

PLAIN = "SKU,Title\nA-1,Größe\nA-2,Ebb\n"


@pytest.mark.parametrize(
    ("content", "read_as"),
    [
        (PLAIN.encode(), "UTF-8, separated by commas"),
        (codecs.BOM_UTF8 + PLAIN.encode(), "UTF-8, separated by commas"),
        (PLAIN.replace(",", ";").encode("cp1252"), "Windows-1252, separated by semicolons"),
        (PLAIN.replace(",", "\t").encode("utf-16"), "UTF-16, separated by tabs"),
        (PLAIN.replace("\n", "\r\n").encode(), "UTF-8, separated by commas"),
        (PLAIN.replace("\n", "\r").encode(), "UTF-8, separated by commas"),
        (PLAIN.rstrip("\n").encode(), "UTF-8, separated by commas"),
        (f"\n\n{PLAIN}\n\n,\n".encode(), "UTF-8, separated by commas"),
        (f"sep=;\n{PLAIN.replace(',', ';')}".encode(), "UTF-8, separated by semicolons"),
        (
            b'"SKU","Title"\n"A-1","Gr\xc3\xb6\xc3\x9fe"\n"A-2","Ebb"\n',
            "UTF-8, separated by commas",
        ),
        (PLAIN.replace("SKU,Title", " sku , TITLE ,,").encode(), "UTF-8, separated by commas"),
    ],
)
def test_one_table_in_many_spellings(content: bytes, read_as: str) -> None:
    table = table_of(content)

    assert table.read_as == read_as
    assert [dict(row.cells) for row in table.rows] == [
        {"sku": "A-1", "title": "Größe"},
        {"sku": "A-2", "title": "Ebb"},
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b" \r\n\r\n ", "The file is empty."),
        (b"\xef\xbb\xbf", "The first line must name the columns"),
        (b"SKU,Title\n", "Below the header there is no line."),
        (b"PK\x03\x04rest of a workbook", "This is a workbook"),
        (b"\xd0\xcf\x11\xe0rest of an old one", "This is a workbook"),
        (b"SKU,Title\nA-1,a\x00b\n", "Line 2 holds a NUL"),
        (b"SKU,Title\nA-1,ok\nA-2,x\x81y\n", "Line 3 is neither UTF-8 nor Windows-1252"),
        ("SKU,Title\nA-1,ü\n".encode() + b"A-2,\xfc\n", "Line 3 is not UTF-8, and the rest"),
        ("SKU,Title\nA-1,ü\n".encode() + b"A-2,\xfc\xdf\n" * 9, "Line 3 is not UTF-8, and"),
        ("SKU,Title\nA-1,мир\n".encode() + b"A-2,\xfc\n", "Line 3 is not UTF-8, and the rest"),
        (codecs.BOM_UTF8 + b"SKU,Title\nA-1,\xfc\n", "Line 2 is not UTF-8"),
        (b"A-1,Ebb\nA-2,Flood\n", "The first line must name the columns"),
        (b"SKU,Colour\nA-1,blue\n", "Nobody knows the column \u201cColour\u201d"),
        (b"SKU,,Title\nA-1,,Ebb\n", "Nobody knows the column"),
        pytest.param(b"SKU" + b",x" * 100 + b"\nA-1\n", "line has 101 columns", id="wide"),
        (b"SKU,price_cents\nA-1,2450\n", "Nobody knows the column \u201cprice_cents\u201d"),
        (b"Title,Price\nEbb,1\n", "There is no column SKU"),
        (b"SKU,Title,title\nA-1,a,b\n", "The column Title is there twice"),
        (b'SKU,Title\nA-1,"never closed\n', "Line 2: its quotes do not fit"),
        (b'SKU,Title\nA-1,"a"b\n', "Line 2: its quotes do not fit"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "holds a NUL"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(NotReadable) as refusal:
        table_of(content)
    assert said in str(refusal.value)


@pytest.mark.parametrize(
    "title", ["„Gruß“, grün", "Gruß\u2019", "SÃO PAULO\u2039Ä", "É—ÜÖ", "à la ß»"]
)
def test_windows_1252_is_no_utf_8_for_two_bytes_that_look_like_it(title: str) -> None:
    content = f"SKU;Title\nA-1;Größe\nA-2;{title}\n".encode("cp1252")
    table = table_of(content)

    assert table.read_as == "Windows-1252, separated by semicolons"
    assert [row.cells["title"] for row in table.rows] == ["Größe", title]


def test_a_line_is_where_it_begins_also_behind_cells_of_many_lines() -> None:
    table = table_of(b'SKU,Title\nA-1,"two\r\nlines"\n\nA-2,x\n')

    assert [row.line for row in table.rows] == [2, 5]
    assert table.rows[0].cells["title"] == "two\r\nlines"


@pytest.mark.parametrize("line", ["A-1", "A-1,b,c", "A-1,b,,d"])
def test_a_line_of_another_length_is_left_out_alone(line: str) -> None:
    [odd, good] = table_of(f"SKU,Title\n{line}\nA-2,Ebb\n".encode()).rows

    assert "the first line 2" in odd.complaint
    assert not good.complaint


@given(st.text(alphabet="'=+-@\t\r\n\uff1da", max_size=6))
def test_a_guarded_cell_comes_back_as_it_was(text: str) -> None:
    begins = text.lstrip("'")[:1]
    guarded = f"'{text}" if begins and begins in "=+-@\t\r\n\uff1d" else text

    assert unguarded(guarded) == text


CELLS: list[tuple[str, str, Any]] = [
    ("price_cents", "24,50", 2450),
    ("price_cents", "€1,234.50", 123_450),
    ("tax_basis_points", "1900", 1900),
    ("tax_basis_points", "19 %", 1900),
    ("tax_basis_points", "5,5%", 550),
    ("tax_basis_points", "0,5 %", 50),
    ("tax_basis_points", "0", 0),
    ("category", "print", "print"),
    ("category", "Prints", "print"),
    ("category", " TICKETS ", "ticket"),
    ("supplier", "", ""),
    ("supplier", "Print room", "print_room"),
    ("available", "", None),
    ("available", "12", 12),
    ("on_sale", "TRUE", True),
    ("on_sale", "WAHR", True),
    ("on_sale", "ja", True),
    ("on_sale", "FALSCH", False),
    ("on_sale", "", False),
    ("event_at", "", None),
    ("event_at", "2026-12-12T19:00:00+01:00", datetime(2026, 12, 12, 18, tzinfo=UTC)),
    ("event_at", "2026-12-12 19:00", datetime(2026, 12, 12, 18, tzinfo=UTC)),
    ("event_at", "12.12.2026 19:00", datetime(2026, 12, 12, 18, tzinfo=UTC)),
    ("event_at", "2026-10-25T02:30:00+02:00", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ("art_motif", "Lighthouse", "lighthouse"),
    ("title", "  Ebb\u200b\u00a0and flood ", "Ebb and flood"),
    ("description", "two\nlines", "two\nlines"),
]


@pytest.mark.parametrize(("column", "cell", "value"), CELLS)
def test_a_cell_says_one_thing(column: str, cell: str, value: Any) -> None:
    assert READERS[column][0](cell) == value


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("title", ""),
        ("title", "x" * 201),
        ("title", "two\nlines"),
        ("title", "\u202eturned"),
        ("title", "a\x07b"),
        ("slug", "not a slug"),
        ("slug", "größe"),
        ("category", ""),
        ("category", "car"),
        ("price_cents", ""),
        ("price_cents", "1,234"),
        ("price_cents", "=1+1"),
        ("tax_basis_points", "19"),  # a percentage without its sign
        ("tax_basis_points", "7"),
        ("tax_basis_points", "99"),
        ("tax_basis_points", "19.5"),
        ("tax_basis_points", "101 %"),
        ("tax_basis_points", "-1"),
        ("tax_basis_points", "١٩"),
        ("supplier", "the moon"),
        ("available", "-1"),
        ("available", "1000001"),
        ("available", "1.5"),
        ("available", "9" * 5000),
        ("on_sale", "perhaps"),
        ("event_at", "2026-12-12"),
        ("event_at", "tomorrow"),
        ("event_at", "2026-03-29 02:30"),  # the clock is put forward then
        ("event_at", "2026-10-25 02:30"),  # and back: that is twice
        ("event_at", "0001-01-01T00:00:00+14:00"),
        ("event_at", "9999-12-31T23:59:59-14:00"),
        ("event_at", "46368.79"),  # how Excel counts days
        ("position", "2147483648"),
        ("art_motif", "cats"),
        ("art_seed", ""),
        ("venue", "x" * 101),
        ("description", "x" * 10_001),
    ],
)
def test_a_cell_that_says_nothing_we_know_is_refused(column: str, cell: str) -> None:
    with pytest.raises(ValidationError):
        READERS[column][0](cell)
