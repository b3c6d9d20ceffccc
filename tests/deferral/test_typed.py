"""What is typed is kept as the same letters, whoever types it; what nobody can see is refused."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError

from deferral.text.typed import Line, Text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Jo\u0308rg Mu\u0308ller", "J\u00f6rg M\u00fcller"),
        ("\u1112\u1161\u11ab", "\ud55c"),
        ("Ada\u00a0Lovelace", "Ada Lovelace"),
        ("Ada\u200b Love\u00adlace\ufeff", "Ada Lovelace"),
        ("\u200f\u05e9\u05dc\u05d5\u05dd\u200e", "\u05e9\u05dc\u05d5\u05dd"),
        ("  Ada\u3000", "Ada"),
        # Joiners are letters' own, in Persian and in a family.
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",) * 2,
        ("\U0001f469\u200d\U0001f467",) * 2,
    ],
)
def test_a_name_is_kept_composed_and_without_what_nobody_sees(typed: str, kept: str) -> None:
    assert Line().clean(typed) == kept
    assert unicodedata.is_normalized("NFC", Line().clean(typed))


@pytest.mark.parametrize(
    "typed",
    [
        "\u3164\u200b",  # what a case of invisible names held
        "\u200b",
        "\u00a0\u3000",
        "\u2800",
        "\u115f\u1160",
        "\u0301",
        "\ufe0f",
        "\u200d",
        "\U000e0041",
        "Ada\nLovelace",
        "Ada\x00",
        "Ada\x7f",
        "Ada\ud800",
        "\u202egnp.exe",
        "Ada\u2029Lovelace",
    ],
)
def test_a_name_that_cannot_be_seen_or_does_harm_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        Line().clean(typed)


def test_an_address_may_have_lines_and_no_other_controls() -> None:
    assert Text().clean("1 Quay\r\nHarbour") == "1 Quay\r\nHarbour"
    with pytest.raises(ValidationError):
        Text().clean("1 Quay\x1b[31m")


def test_what_may_be_left_out_may_be() -> None:
    assert Line(required=False).clean("\u200b ") == ""


def test_the_length_is_that_of_what_is_kept() -> None:
    assert len(Line(max_length=10).clean("o\u0308" * 10)) == 10
