"""Renditions and stills: the right size, the whole film, nothing of whose it was."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from media.films import encoding
from media.films.encoding import Wanted, encode, picture
from media.films.errors import ProgramFailed, Stuck
from media.films.facts import Facts
from media.films.probing import probe
from media.films.reading import Source, on_this_machine, temporary
from media.films.sizes import Frame, frame, sizes_of
from media.formats import HEAD, format_of
from tests.media.films.filming import H264, PLAIN, changed, facts_of, film
from tests.rig.depth import thorough
from tests.rig.encoders import is_ffmpeg

ONE, HALF = b"\0\1\0\0", b"\x40\0\0\0"
# The matrix of what is shown as it is (ISO/IEC 14496-12, 8.3.2).
NOT_TURNED = ONE + bytes(12) + ONE + bytes(12) + HALF


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """For a program."""
    head = path.read_bytes()[:HEAD]
    with on_this_machine(path.open("rb"), format_of(head)) as source:
        yield source


def rendition(path: Path, size: int = 480) -> tuple[Facts, bytes]:
    """What comes of it: as it is found, and as bytes."""
    facts = facts_of(path)
    with opened(path) as source, temporary() as file:
        target = Source(file.fileno())
        shape = frame(facts.width, facts.height, size)
        wanted = Wanted(source=source, seconds=facts.seconds, size=size, frame=shape, target=target)
        encode(wanted, lambda _: None)
        found = probe(target)
        return found, file.read()


@pytest.mark.parametrize(
    ("width", "height", "sizes", "frames"),
    [
        (1920, 1080, [480, 720, 1080], [(854, 480), (1280, 720), (1920, 1080)]),
        (1080, 1920, [480, 720, 1080], [(480, 854), (720, 1280), (1080, 1920)]),
        (3840, 2160, [480, 720, 1080, 2160], [(854, 480), (1280, 720), (1920, 1080), (3840, 2160)]),
        (1919, 1079, [480, 720], [(854, 480), (1280, 720)]),
        (320, 180, [480], [(320, 180)]),
        (321, 181, [480], [(320, 180)]),
        (480, 480, [480], [(480, 480)]),
        (4096, 2, [480], [(4096, 2)]),
        (3, 3, [480], [(2, 2)]),
    ],
)
def test_nothing_is_made_larger_and_every_side_is_even(
    width: int, height: int, sizes: list[int], frames: list[tuple[int, int]]
) -> None:
    assert sizes_of(width, height) == sizes
    assert [frame(width, height, size) for size in sizes] == [Frame(*each) for each in frames]


def test_a_rendition_is_the_whole_film(tmp_path: Path) -> None:
    made, _ = rendition(film(tmp_path, size="1280x720"))

    assert (made.width, made.height, made.codec, made.depth) == (854, 480, "h264", 8)
    assert made.seconds == pytest.approx(2.0, abs=0.1)
    assert (made.rate, made.has_sound) == (25.0, True)


def test_a_turned_film_is_upright_in_every_player(tmp_path: Path) -> None:
    turned = changed(film(tmp_path), name="t.mp4", before=("-display_rotation", "90"))
    made, content = rendition(turned)

    assert (made.width, made.height) == (180, 320)
    assert content.count(NOT_TURNED) == content.count(b"tkhd") + content.count(b"mvhd")


@pytest.mark.parametrize(
    ("how", "size"),
    [
        (("-vf", "format=yuv444p10le,crop=301:171:exact=1", *H264), (300, 170)),
        (("-vf", "setsar=4/3", *PLAIN), (426, 180)),
        (("-vf", "setpts='if(lt(N,10),N*0.2/TB,2/TB+(N-10)*0.02/TB)'", *PLAIN), (320, 180)),
    ],
    ids=["odd, ten bits", "pixels not square", "variable rate"],
)
def test_odd_films_become_even_ones(
    tmp_path: Path, how: tuple[str, ...], size: tuple[int, int]
) -> None:
    path = film(tmp_path, *how, name="film.mkv", sound=False)
    made, _ = rendition(path)

    assert (made.width, made.height, made.depth) == (*size, 8)
    assert made.seconds == pytest.approx(facts_of(path).seconds, abs=0.1)
    assert not made.has_sound


def test_nothing_tells_whose_film_it_was_and_where_it_was_taken(tmp_path: Path) -> None:
    place = ("-metadata", "location=+52.5200+013.4050/", "-metadata", "title=Ada at home")
    mine = film(tmp_path, *PLAIN, *place, "-movflags", "+use_metadata_tags")
    _, made = rendition(mine)

    assert b"+52.5200" in mine.read_bytes()
    assert b"52.52" not in made
    assert b"Ada" not in made


def test_it_can_be_played_while_it_is_fetched(tmp_path: Path) -> None:
    _, made = rendition(film(tmp_path))

    assert made.index(b"moov") < made.index(b"mdat")


def test_how_far_it_is_comes_from_ffmpeg(tmp_path: Path) -> None:
    path = film(tmp_path, seconds=20)
    told: list[float] = []
    with opened(path) as source, temporary() as file:
        shape, target = Frame(320, 180), Source(file.fileno())
        wanted = Wanted(source=source, seconds=20.0, size=480, frame=shape, target=target)
        encode(wanted, told.append)

    assert told == sorted(told)
    assert told[-1] == pytest.approx(20.0, abs=0.2)


def ffmpegs() -> list[int]:
    """Those that this process has started."""
    listed = Path(f"/proc/{os.getpid()}/task/{threading.get_native_id()}/children").read_text()
    return [int(pid) for pid in listed.split() if is_ffmpeg(int(pid))]


@pytest.mark.parametrize(
    "sent", [signal.SIGSTOP, signal.SIGTERM, pytest.param(signal.SIGKILL, marks=thorough)]
)
def test_one_that_is_stopped_or_ended_has_made_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sent: signal.Signals
) -> None:
    """On TERM it says that it is over, and leaves a film that can be played, and is too short."""
    monkeypatch.setattr(encoding, "QUIET", 0.7)
    path = film(tmp_path, seconds=60, size="640x360")

    def stop(_: float) -> None:
        for pid in ffmpegs():
            os.kill(pid, sent)

    with opened(path) as source, temporary() as file:
        shape, target = Frame(640, 360), Source(file.fileno())
        wanted = Wanted(source=source, seconds=60.0, size=480, frame=shape, target=target)
        with pytest.raises((ProgramFailed, Stuck)):
            encode(wanted, stop)
    assert not ffmpegs()


def test_one_that_writes_its_head_in_front_may_say_nothing_meanwhile(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoding, "QUIET", 0.2)
    monkeypatch.setattr(encoding, "WRITTEN", 300_000)  # of 3 MB
    says = "echo out_time_us=2000000"
    program = tmp_path / "ffmpeg"
    program.write_text(f"#!/bin/sh\n{says}\n/bin/sleep 1\n{says}\necho progress=end\n")
    program.chmod(0o755)
    settings.FFMPEG = str(program)
    told: list[float] = []
    with temporary() as file:
        source = Source(file.fileno())
        shape = Frame(320, 180)
        encode(
            Wanted(source=source, seconds=2.0, size=480, frame=shape, target=source), told.append
        )

    assert told == [2.0]


def test_a_still_is_the_picture_of_its_second(tmp_path: Path) -> None:
    with opened(film(tmp_path, seconds=3)) as source:
        early, late = (picture(source, at=at, frame=Frame(320, 180)) for at in (0, 2.5))
        beyond = picture(source, at=20, frame=Frame(320, 180))

    assert early.startswith(b"\xff\xd8\xff")
    assert late.startswith(b"\xff\xd8\xff")
    assert early != late
    assert beyond == b""
