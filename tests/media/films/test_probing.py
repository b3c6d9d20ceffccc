"""What films are, and which are not taken: each of these is made, and has its right value."""

from dataclasses import replace
from pathlib import Path

import pytest

from media.errors import NotAccepted
from media.films.facts import Facts, check
from tests.media.films.filming import H264, PLAIN, changed, facts_in, facts_of, ffmpeg_makes, film

ODD = "format=yuv444p10le,crop=301:171:exact=1"
FINE = Facts(
    codec="h264",
    width=1920,
    height=1080,
    seconds=10.0,
    promised=10.0,
    rate=25.0,
    depth=8,
    has_sound=True,
)


def refused(facts: Facts) -> str:
    with pytest.raises(NotAccepted) as told:
        check(facts)
    return str(told.value)


def unreadable(content: bytes) -> str:
    with pytest.raises(NotAccepted) as told:
        facts_in(content)
    return str(told.value)


def test_a_film_is_what_its_pictures_are(tmp_path: Path) -> None:
    found = facts_of(film(tmp_path))

    assert (found.codec, found.width, found.height, found.depth) == ("h264", 320, 180, 8)
    assert (found.rate, found.has_sound) == (25.0, True)
    assert found.seconds == pytest.approx(2.0, abs=0.1)
    check(found)


def test_a_turned_film_is_as_it_is_seen(tmp_path: Path) -> None:
    turned = changed(film(tmp_path), name="t.mp4", before=("-display_rotation", "90"))

    assert (facts_of(turned).width, facts_of(turned).height) == (180, 320)


def test_pixels_that_are_not_square_are_reckoned_with(tmp_path: Path) -> None:
    wide = film(tmp_path, "-vf", "setsar=4/3", *PLAIN)

    assert (facts_of(wide).width, facts_of(wide).height) == (427, 180)


def test_odd_sides_and_ten_bits_are_seen(tmp_path: Path) -> None:
    odd = film(tmp_path, "-vf", ODD, *H264, name="odd.mkv")

    found = facts_of(odd)
    assert (found.width, found.height, found.depth) == (301, 171, 10)


def test_a_variable_rate_is_its_mean(tmp_path: Path) -> None:
    slower = "setpts='if(lt(N,10),N*0.2/TB,2/TB+(N-10)*0.02/TB)'"
    found = facts_of(film(tmp_path, "-vf", slower, "-fps_mode", "vfr", *PLAIN, sound=False))

    assert (found.seconds, found.has_sound) == (2.84, False)
    assert found.rate < 14


def test_what_a_film_says_of_itself_is_no_fact(tmp_path: Path) -> None:
    said = "\n  Duration: 99:00:00.00\n[Parsed_showinfo_0 @ 0x0] n:   0 fmt:gray sar:1/1 s:9x9"
    found = facts_of(film(tmp_path, *PLAIN, "-metadata", f"title={said}"))

    assert found.width == 320
    assert found.promised == pytest.approx(2.0, abs=0.1)


def test_a_film_without_a_length_in_its_head_is_read_to_its_end(tmp_path: Path) -> None:
    live = film(tmp_path, *PLAIN, "-f", "matroska", "-live", "1", name="live.mkv")

    found = facts_of(live)
    assert found.promised == 0
    assert found.seconds == pytest.approx(2.0, abs=0.1)
    check(found)


def test_a_film_that_was_cut_off_is_refused_by_what_is_there(tmp_path: Path) -> None:
    whole = film(tmp_path, *PLAIN, "-movflags", "+faststart", seconds=8).read_bytes()
    found = facts_in(whole[: len(whole) // 4])

    assert found.seconds < 4 < found.promised
    assert "not whole. Send it again." in refused(found)


def test_the_head_of_a_film_may_be_at_its_end_and_missing(tmp_path: Path) -> None:
    whole = film(tmp_path).read_bytes()

    assert "not whole, or no film" in unreadable(whole[: len(whole) // 2])


def test_a_cover_is_no_film(tmp_path: Path) -> None:
    cover, song = tmp_path / "cover.png", tmp_path / "song.mp4"
    ffmpeg_makes("-f", "lavfi", "-i", "testsrc2=size=64x64", "-frames:v", "1", str(cover))
    attached = ("-map", "0:a", "-map", "1:v", "-c", "copy", "-disposition:v:0", "attached_pic")
    ffmpeg_makes("-i", str(film(tmp_path)), "-i", str(cover), *attached, str(song))

    assert unreadable(song.read_bytes()) == "There is no film in this file."


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"seconds": 3_600.0, "promised": 3_600.0}, "longer than 10 minutes"),
        ({"width": 7_680, "height": 4_320}, "7680 by 4320 pixels. At most 4096 by 4096"),
        ({"rate": 240.0}, "240 pictures a second. At most 60"),
        ({"seconds": 0.0, "promised": 0.0}, "one picture, and no length"),
        ({"seconds": 10.0, "promised": 60.0}, "ends after 0:10 of 1:00"),
    ],
)
def test_more_than_is_taken_has_a_sentence(wrong: dict[str, float], sentence: str) -> None:
    check(FINE)
    assert sentence in refused(replace(FINE, **wrong))  # type: ignore[arg-type]


@pytest.mark.parametrize("rate", [59.94, 60.0, 60.5])
def test_a_clock_that_is_not_exact_is_no_reason(rate: float) -> None:
    check(replace(FINE, rate=rate))


def test_a_playlist_is_read_as_what_it_says_it_is_and_opens_nothing(tmp_path: Path) -> None:
    secret = film(tmp_path)
    head = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"
    playlist = b"#EXTM3U\n#EXTINF:2,\n%b\n#EXT-X-ENDLIST\n" % str(secret).encode()

    assert "not whole, or no film" in unreadable(head + playlist)


def test_no_room_is_made_for_a_picture_that_is_too_large(tmp_path: Path) -> None:
    large = film(tmp_path, seconds=0.1, size="8192x4320", picture="color=gray", sound=False)

    assert "too large: at most 4096 by 4096 pixels" in unreadable(large.read_bytes())


def test_an_hour_of_silence_is_too_long_and_read_no_further_than_that(tmp_path: Path) -> None:
    hour = film(tmp_path, *PLAIN, seconds=3_600, size="16x16", rate=1, sound=False)

    found = facts_of(hour)
    assert (found.promised, found.seconds < 700) == (3_600.0, True)
    assert "longer than 10 minutes" in refused(found)
