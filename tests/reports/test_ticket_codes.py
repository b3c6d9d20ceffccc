"""Codes: lasting, unguessable, and forgiving to those who type them."""

import pytest
from pytest_django.fixtures import Settings

from reports.ticket_codes import ALPHABET, code_of, normalised


def test_a_ticket_has_the_same_code_for_ever(settings: Settings) -> None:
    settings.TICKET_KEY = "a key for this test"

    assert code_of(reference="H-1-7kq2m9xv", line_id=34, position=2) == "GEA6-29BM-M29A-GB32-Z2G1"


def test_another_key_makes_other_codes(settings: Settings) -> None:
    settings.TICKET_KEY = "one"
    one = code_of(reference="H-1-7kq2m9xv", line_id=34, position=2)
    settings.TICKET_KEY = "two"

    assert code_of(reference="H-1-7kq2m9xv", line_id=34, position=2) != one


def test_the_same_line_of_another_life_of_the_database_is_another_ticket() -> None:
    lives = {code_of(reference=f"H-1-{tag}", line_id=1, position=1) for tag in ("a", "b")}

    assert len(lives) == 2


def test_no_two_tickets_share_a_code_or_a_beginning() -> None:
    seats = [(line, seat) for line in range(20) for seat in range(50)]
    codes = [code_of(reference="H-1", line_id=line, position=seat) for line, seat in seats]

    assert len({code[:9] for code in codes}) == 1000
    assert {character for code in codes for character in code} == {*ALPHABET, "-"}


@pytest.mark.parametrize(
    "typed",
    [
        "7k2m-9qxa-h3wp-m01t-zz5d",
        "7K2M9QXAH3WPM01TZZ5D",
        " 7k2m 9qxa\th3wp - molt zz5d",
        "7K2M-9QXA-H3WP-MOIT-ZZ5D",
    ],
)
def test_a_code_is_known_however_it_is_typed(typed: str) -> None:
    assert normalised(typed) == "7K2M-9QXA-H3WP-M01T-ZZ5D"
