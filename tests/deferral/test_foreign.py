"""What somebody else wrote is fit to be kept and shown, whatever it is."""

import sys

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from deferral.ledger.reports import describe
from deferral.text.foreign import harmless, one_line
from deferral.text.redaction import storable

ODD = "\N{REPLACEMENT CHARACTER}"
ANY = st.text(st.characters(codec=None, categories=None))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("plain", "plain"),
        ("two\nlines\twide\r\n", "two\nlines\twide\n"),
        ("a\x00b\x07c\x1b[0md\x7fe\x85f", f"a{ODD}b{ODD}c{ODD}[0md{ODD}e{ODD}f"),
        ("half \ud83d", f"half {ODD}"),
        ("\u202eback\u202c \u2066in\u2069 \u200eand\u200f out\u061c", "back in and out"),
        ("in\u200bvis\u2060ib\ufeffle \U000e0041tag\u2028", "invisible tag"),
        ("\U0001f469\u200d\U0001f4bb", "\U0001f469\u200d\U0001f4bb"),
    ],
)
def test_what_cannot_be_kept_or_seen_is_replaced_or_left_out(text: str, kept: str) -> None:
    assert harmless(text) == kept


@pytest.mark.parametrize("value", [None, 7, True, b"bytes", ["a"], {"a": 1}, "", " \u200b\n"])
def test_what_is_no_text_is_empty(value: object) -> None:
    assert one_line(value, 20) == ""


def test_a_line_has_its_length_however_much_was_said() -> None:
    assert one_line("  two\n\n words\r", 20) == "two words"
    assert one_line("x" * 21, 20) == "x" * 19 + "…"
    assert one_line("\N{ZERO WIDTH SPACE}" * sys.maxunicode, 20) == ""


@pytest.mark.django_db
@given(text=ANY)
def test_every_text_can_be_stored_after_it(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text, to_jsonb(%s::text)", [harmless(text), storable(text)])
        assert cursor.fetchone()[0] == harmless(text)


def test_an_error_of_a_services_making_is_kept_without_its_tricks() -> None:
    kept = describe(ValueError("\u202eno\x00\ud83d"))
    assert kept["message"] == f"no{ODD}{ODD}"
