"""How long an SMS is: counted as it is paid, and cut where no letter is torn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.sms.segments import segments, within


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("", 0),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ä" * 160, 1),
        ("ł" * 70, 1),
        ("ł" * 71, 2),
        ("ł" * 134, 2),
        ("ł" * 135, 3),
        ("🏠" * 35, 1),
        ("🏠" * 36, 2),
    ],
)
def test_segments_are_counted_as_they_are_paid(words: str, count: int) -> None:
    assert segments(words) == count


def test_typographic_signs_do_not_double_the_price() -> None:
    assert (
        within("\u201cHarbour\u201d \u2013 it\u2019s on its way", 1)
        == '"Harbour" - it\'s on its way'
    )


def test_what_is_too_long_says_that_it_is_cut() -> None:
    cut = within("a" * 400, 2)

    assert cut.endswith("a...")
    assert len(cut) == 306


@given(st.text(max_size=400), st.integers(1, 3))
def test_whatever_it_says_it_is_one_line_within_its_segments(words: str, most: int) -> None:
    sent = within(words, most)

    assert segments(sent) <= most
    assert not {"\n", "\r", "\x00", "\u202e"} & {*sent}
    sent.encode()
