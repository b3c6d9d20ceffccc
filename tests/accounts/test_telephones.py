"""Telephone numbers: one rule for what is typed, kept and shown."""

import pytest
from django import forms
from pytest_django.fixtures import Settings

from accounts.telephones import NotANumber, TelephoneField, as_written, masked, on_the_wire
from deferral.text.redaction import storable


@pytest.mark.parametrize(
    "typed",
    [
        "0151 23456789",
        "+49 151 23456789",
        "0049-151/23456789",
        "(0151) 234 567 89",
        "+4915123456789",
    ],
)
def test_a_number_is_kept_as_it_goes_over_the_wire(typed: str) -> None:
    assert on_the_wire(typed, region="DE") == "+4915123456789"


@pytest.mark.parametrize(
    "typed",
    ["", "0", "110", "12", "ada", "+49", "+999 1234567", "+49 151 23456789 ext. 4", "1" * 100_000],
)
def test_what_nobody_can_have_is_refused(typed: str) -> None:
    with pytest.raises(NotANumber):
        on_the_wire(typed, region="DE")


def test_a_number_without_prefix_is_of_the_settings_country(settings: Settings) -> None:
    settings.PHONE_REGION = "FR"

    assert on_the_wire("06 12 34 56 78") == "+33612345678"


def test_lists_show_its_country_and_its_end() -> None:
    assert masked("+4915123456789") == "+49 … 89"
    assert masked("") == ""
    assert as_written("+4915123456789") == "+49 1512 3456789"


def test_a_field_keeps_nothing_of_nothing_and_says_what_is_wrong() -> None:
    class Form(forms.Form):
        phone = TelephoneField(required=False)

    empty, wrong = Form({"phone": " "}), Form({"phone": "ada"})
    assert empty.is_valid()
    assert empty.cleaned_data["phone"] == ""
    assert "no telephone number" in str(wrong.errors["phone"])


@pytest.mark.parametrize("number", ["+4915123456789", "+49 1512 3456789", "+1 212-555-0123"])
def test_no_log_and_no_error_keeps_a_number(number: str) -> None:
    kept = storable(f"no route to {number}: failed")

    assert kept == "no route to [telephone]: failed"
