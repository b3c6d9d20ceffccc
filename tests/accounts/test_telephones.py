"""Telephone numbers: one rule for what is typed, kept and shown."""

import pytest
from pytest_django.fixtures import Settings

from accounts.telephones import (
    LONGEST_TYPED,
    NotANumber,
    as_written,
    masked,
    mobile_on_the_wire,
    on_the_wire,
)
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


def test_a_number_is_of_the_country_that_is_named() -> None:
    assert mobile_on_the_wire("0664 1234567", region="AT") == "+436641234567"


@pytest.mark.parametrize("typed", ["+49 900 1234567", "+49 30 12345678", "+44 800 1111"])
def test_an_sms_goes_to_mobile_numbers_only(typed: str) -> None:
    with pytest.raises(NotANumber):
        mobile_on_the_wire(typed)


def test_what_follows_a_number_is_not_left_out_in_silence() -> None:
    with pytest.raises(NotANumber):
        on_the_wire("0151 23456789".ljust(LONGEST_TYPED) + "5", region="DE")


def test_a_region_that_has_no_numbers_is_refused() -> None:
    with pytest.raises(NotANumber):
        on_the_wire("0151 23456789", region="AQ")


@pytest.mark.parametrize("number", ["+4915123456789", "+49 1512 3456789", "+1 212-555-0123"])
def test_no_log_and_no_error_keeps_a_number(number: str) -> None:
    kept = storable(f"no route to {number}: failed")

    assert kept == "no route to [telephone]: failed"
