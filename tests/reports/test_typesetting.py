"""Paper takes any text, tells a screen reader what is what, and comes out the same twice."""

from datetime import datetime
from typing import Any

import pytest

from reports import typesetting
from reports.receipts import receipt_of
from reports.tickets import ticket_of
from reports.typesetting import typeset, without_controls
from tests.reports.paid_orders import PAID_AT, a_line, an_order, opened, rows_of

PLAIN = {
    "quotes": "\"Riviera\" 'n' \\ „so“",
    "markup": '#read("/etc/passwd") #panic() $x^2$ @ref *b* _i_ `c` <b> // /* ] [ ~ --- = h',
    "accents": "Æsir Łódź ĞÜŞ Ωμέγα Привіт Ångström",
    "arabic": "قميص قطني عضوي",
    "a word of 200": "W" * 200,
    "arabic without a space": "س" * 200,
    "control characters": "a\x00b\x07c\x1bd\x7f\x85e",
    "line ends": "one\r\ntwo\u2028three\tfour",
    "direction overrides": "\u202egnp.exe\u2066 safe",
    "half a character": "\ud83d!",
    "only spaces": "   ",
    "nothing": "",
    "combining": "Z" + "\u0301\u0327" * 30,
}
WITHOUT_GLYPHS = {
    "emoji": "😀👩‍👩‍👧 and 🏴‍☠️",
    "chinese": "漢字かな交じり文" * 12,
    "hebrew": "שלום עולם",
    "not a character": "\ufffe \U0010ffff",
}

MOST_PAGES = {"receipt.typ": 2, "ticket.typ": 1}


def documents(text: str) -> dict[str, dict[str, Any]]:
    """Both documents with `text` wherever somebody else decides what stands there."""
    line = a_line(title=text, detail=text)
    order = an_order(line, name=text, address=f"{text}\n{text}")
    [row] = rows_of(order, line)
    row.pk = 34
    return {
        "receipt.typ": receipt_of(order, [row], paid_at=PAID_AT, card=text),
        "ticket.typ": ticket_of(row, position=2),
    }


@pytest.mark.parametrize("template", ["receipt.typ", "ticket.typ"])
@pytest.mark.parametrize("text", PLAIN.values(), ids=PLAIN)
def test_text_is_set_as_text_and_the_page_is_accessible(text: str, template: str) -> None:
    pdf = opened(typeset(template, documents(text)[template], at=PAID_AT))

    with pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
    assert len(pdf.pages) <= MOST_PAGES[template]


@pytest.mark.parametrize("template", ["receipt.typ", "ticket.typ"])
@pytest.mark.parametrize("text", WITHOUT_GLYPHS.values(), ids=WITHOUT_GLYPHS)
def test_what_the_fonts_lack_costs_the_standard_and_not_the_document(
    text: str, template: str
) -> None:
    pdf = opened(typeset(template, documents(text)[template], at=PAID_AT))

    with pdf.open_metadata() as metadata:
        assert "pdfuaid:part" not in metadata
    assert pdf.Root.MarkInfo.Marked
    assert len(pdf.pages) <= MOST_PAGES[template]


def test_a_name_cannot_turn_the_line_it_stands_in() -> None:
    assert without_controls("\u202egnp.exe\u2066 safe") == "gnp.exe safe"


def test_when_nothing_else_works_there_are_question_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    printed = []

    def only_western(template: str, data: Any, *, at: datetime, standard: str | None) -> bytes:
        printed.append(data["customer"]["name"])
        if "漢" in data["customer"]["name"]:
            raise typesetting.Unprintable
        return b"%PDF"

    monkeypatch.setattr(typesetting.press, "print", only_western)

    assert typeset("receipt.typ", documents("漢 €")["receipt.typ"], at=PAID_AT) == b"%PDF"
    assert printed == ["漢 €", "漢 €", "? €"]


@pytest.mark.parametrize("template", ["receipt.typ", "ticket.typ"])
def test_text_over_which_the_compiler_panics_is_set_with_question_marks(template: str) -> None:
    data = documents("\u05e1\u200f\U0001f469 \u200d\U0001f600 \u200d\u2620\u200f" * 15)[template]
    with pytest.raises(typesetting.Unprintable, match="out of bounds"):
        typesetting.press.print(template, data, at=PAID_AT, standard=None)

    assert len(opened(typeset(template, data, at=PAID_AT)).pages) == 1


@pytest.mark.parametrize("template", ["receipt.typ", "ticket.typ"])
def test_the_same_document_is_the_same_bytes(template: str) -> None:
    data = documents("Zoë")[template]
    first = typeset(template, data, at=PAID_AT)
    typeset(template, documents("someone else")[template], at=PAID_AT)

    assert typeset(template, data, at=PAID_AT) == first


@pytest.mark.parametrize("template", ["receipt.typ", "ticket.typ"])
def test_a_document_says_its_title_language_and_structure(template: str) -> None:
    pdf = opened(typeset(template, documents("Zoë")[template], at=PAID_AT))

    assert pdf.Root.Lang == "en-GB"
    assert "/StructTreeRoot" in pdf.Root
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    assert str(pdf.docinfo.Title).startswith(("Receipt H-", "Ticket 2 of 3"))
