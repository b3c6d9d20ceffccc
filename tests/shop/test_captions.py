"""The words of a film: what is taken of a WebVTT file, and what is said of one that is not."""

import pytest

from shop.captions import reading
from shop.captions.errors import NotCaptions
from shop.captions.reading import read_captions

CUE = "00:01.000 --> 00:02.000\nHello\n"


def read(text: str, seconds: float | None = 60) -> str:
    return read_captions(text.encode(), seconds=seconds)


@pytest.mark.parametrize(
    "text",
    [
        f"WEBVTT\n\n{CUE}",
        f"WEBVTT - Harbour\n\n{CUE}",
        f"WEBVTT\nKind: captions\nLanguage: en\n\n{CUE}",
        f"WEBVTT\n\n\n\nNOTE\nBy hand\n\nSTYLE\n::cue {{ color: lime }}\n\n{CUE}\nNOTE end\n",
        f"WEBVTT\n\nREGION\nid:low\nwidth:40%\n\n1\n{CUE}\nsecond\n{CUE}",
        "WEBVTT\n\n00:00:01.000\t-->\t00:00:02.500 align:start line:-1 size:35%\nHello\n",
        "WEBVTT\n\n00:01.000 --> 00:02.000 position:10%,line-left\n<v Ada>&amp; <i>bye</i>\n-\n",
        "WEBVTT\n\n00:01.000 --> 01:00:00.000 vertical:rl line:50% region:low\nÄ 海\n",
    ],
)
def test_a_file_as_the_standard_has_it_is_kept_as_it_is(text: str) -> None:
    assert read(text) == text


def test_line_ends_and_a_byte_order_mark_are_made_one_kind() -> None:
    for text in (f"\ufeffWEBVTT\n\n{CUE}", f"WEBVTT\n\n{CUE}".replace("\n", "\r\n")):
        assert read(text) == f"WEBVTT\n\n{CUE}"
    assert read(f"WEBVTT\n\n{CUE}".replace("\n", "\r")) == f"WEBVTT\n\n{CUE}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Line 1: A WebVTT file begins"),
        (f"\n\nWEBVTT\n\n{CUE}", "Line 1: A WebVTT file begins"),
        (f"WEBVTTX\n\n{CUE}", "Line 1: A WebVTT file begins"),
        (f"webvtt\n\n{CUE}", "Line 1: A WebVTT file begins"),
        (f"WEBVTT\n{CUE}", "Line 2: An arrow"),
        ("WEBVTT\n\nNOTE nothing\n", "There are no words"),
        ("WEBVTT\n\n1\n00:01,000 --> 00:02,000\nHello\n", "Line 4: Times have a point"),
        ("WEBVTT\n\n0:01.000 --> 00:02.000\nHello\n", "Line 3: Times are expected"),
        ("WEBVTT\n\n00:01.000 -> 00:02.000\nHello\n", "Line 4: Times are expected"),
        ("WEBVTT\n\n00:61.000 --> 01:02.000\nHello\n", "Line 3: Times are expected"),
        ("WEBVTT\n\n\u0660\u0660:01.000 --> 00:02.000\nHello\n", "Line 3: Times are expected"),
        (f"WEBVTT\n\n{'9' * 9_000}:00:01.000 --> 00:02.000\nHello\n", "Line 3: Times are expected"),
        ("WEBVTT\n\nHello\n", "Line 3: Times are expected"),
        ("WEBVTT\n\n00:02.000 --> 00:02.000\nHello\n", "Line 3: It ends before"),
        (f"WEBVTT\n\n{CUE}\n00:00.500 --> 00:04.000\nHello\n", "Line 6: It begins before"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n\nHello\n", "Line 3: There are no words"),
        (f"WEBVTT\n\n{CUE}{CUE}", "Line 5: An arrow"),
        (f"WEBVTT\n\nNOTE 00:01.000 --> 00:02.000\n\n{CUE}", "Line 3: An arrow"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000 top:5\nHello\n", "Line 3: top:5 says nothing"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000 line:101%\nHello\n", "Line 3: line:101% says nothing"),
        (f"WEBVTT\n\n{CUE}\nSTYLE\n::cue {{}}\n", "Line 7: Times are expected"),
        ("WEBVTT\n\n01:00.000 --> 01:02.000\nHello\n", "Line 3: It begins after the end"),
        (f"WEBVTT\n\n{CUE}\n\0", "Line 6: This is no text"),
        ("<!doctype html><script>alert(1)</script>", "Line 1: A WebVTT file begins"),
    ],
)
def test_a_file_that_a_browser_would_not_show_whole_is_refused_with_its_line(
    text: str, told: str
) -> None:
    with pytest.raises(NotCaptions) as refused:
        read(text)
    assert str(refused.value).startswith(told)


def test_another_encoding_than_utf_8_is_refused_with_its_line() -> None:
    for codec in ("latin-1", "utf-16"):
        with pytest.raises(NotCaptions, match="Save the file as UTF-8"):
            read_captions("WEBVTT\n\n00:01.000 --> 00:02.000\nÄ\n".encode(codec), seconds=None)
    with pytest.raises(NotCaptions, match="Line 3: "):
        read_captions(b"\xef\xbb\xbfWEBVTT\r\n\r\n\xc4", seconds=None)


def test_a_file_of_a_film_whose_length_is_not_known_may_begin_whenever_it_likes() -> None:
    assert read("WEBVTT\n\n09:00:00.000 --> 10:00:00.000\nHello\n", None)


def test_a_file_larger_than_words_can_be_is_not_read() -> None:
    with pytest.raises(NotCaptions, match="500 kB"):
        read_captions(b"WEBVTT" * reading.MOST_BYTES, seconds=None)
