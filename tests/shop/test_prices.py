"""A price is typed in euros, with a comma or a point, and kept to the cent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.amounts import MOST_CENTS
from shop.products.prices import cents_of, typed
from shop.wording import euros


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("24.50", 2450),
        ("24,50", 2450),
        ("24,5", 2450),
        ("24", 2400),
        ("0", 0),
        ("0,01", 1),
        ("00012.30", 1230),
        ("  24.50 ", 2450),
        ("€24.50", 2450),
        ("24,50 €", 2450),
        ("24,50\N{NO-BREAK SPACE}€", 2450),
        ("24.50 EUR", 2450),
        ("1,234.50", 123_450),
        ("1.234,50", 123_450),
        ("1 234,50", 123_450),
        ("999,999.99", MOST_CENTS),
        # Nearest in floats is one cent less.
        ("0.29", 29),
        ("1.15", 115),
        ("81,93", 8193),
    ],
)
def test_what_people_write_is_a_number_of_cents(text: str, cents: int) -> None:
    assert cents_of(text) == cents


@pytest.mark.parametrize(
    "text",
    [
        "1,234",  # one thousand, or one euro and a bit
        "1.234",
        "24.505",
        "24,",
        ".50",
        "-1",
        "+1",
        "1e3",
        "24.50.10",
        "1,23,456.00",
        "12,34.50",
        "free",
        "twenty",
        "",
        "€",
        "٢٤",  # digits, and int() takes them
        "24.5 0",
        "0x10",
        "NaN",
        "1_000",
        "1000000.00",
        "9" * 400,
    ],
)
def test_what_could_mean_two_prices_or_none_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"Write a price|One payment is at most"):
        cents_of(text)


@given(st.integers(min_value=0, max_value=MOST_CENTS))
def test_every_price_is_read_back_as_it_is_shown(cents: int) -> None:
    assert cents_of(typed(cents)) == cents_of(euros(cents)) == cents
    assert cents_of(typed(cents).replace(".", ",")) == cents
