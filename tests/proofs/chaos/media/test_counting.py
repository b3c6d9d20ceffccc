"""The storm's own eyes: they see what is wrong, and its storage fails as often as it says."""

import http.client
import os
import signal
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from media.films.finding import ffmpeg
from tests.media.drawn import photo
from tests.media.films.filming import film
from tests.proofs.chaos.media.count import Dead, Found, is_said
from tests.proofs.chaos.media.decoding import of_a_film, of_a_picture
from tests.proofs.chaos.media.marks import Statistics, marks
from tests.proofs.chaos.media.uploaders import Uploaders
from tests.rig.encoders import encoders, working_on
from tests.rig.failing_storage import failing_storage
from tests.rig.listening import listening
from tests.rig.waiting import eventually

SIZE = (320, 180)
# A storm that is as it must be, of five uploads and ten files.
WELL = {"asked": 5, "taken": 5, "files": 10, "failed": 7, "orphans": 0, "ffmpegs": 1}
WELL |= {"repeats": 2, "workers": 2}


@pytest.mark.usefixtures("starts_processes")
def test_a_film_is_decoded_to_its_end(tmp_path: Path) -> None:
    path = film(tmp_path, seconds=2, rate=24)

    assert of_a_film(path, SIZE, 48) == ""
    assert of_a_film(path, SIZE, 50) == "it has 48 pictures of 50"
    assert of_a_film(path, (180, 320), 48) == "it is (320, 180)"
    path.write_bytes(path.read_bytes()[:-9_000])
    assert "cannot be decoded" in of_a_film(path, SIZE, 48)


def test_a_picture_is_what_its_name_says() -> None:
    assert of_a_picture(photo(40, 30).read(), "jpeg", (40, 30)) == ""
    assert "png" in of_a_picture(photo(40, 30, "PNG").read(), "jpeg", (40, 30))
    assert "40" in of_a_picture(photo(40, 30).read(), "jpeg", (30, 40))


@pytest.mark.usefixtures("starts_processes")
def test_an_ffmpeg_that_has_lost_its_worker_is_found(tmp_path: Path) -> None:
    source = film(tmp_path, seconds=1)
    code = f"""
import os, subprocess, time
command = [{ffmpeg()!r}, "-v", "quiet", "-re", "-stream_loop", "-1", "-i", {str(source)!r}]
subprocess.Popen([*command, "-f", "null", "-"], stdin=subprocess.DEVNULL)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", code]) as worker:  # noqa: S603  ours
        eventually(lambda: bool(encoders(worker.pid)) and bool(working_on(tmp_path)))
        [found] = encoders(worker.pid)
        worker.kill()
    try:
        assert working_on(tmp_path) == [found]
    finally:
        os.kill(found, signal.SIGKILL)
    eventually(lambda: not working_on(tmp_path))


LOOK, SIZE_OF, STILLS, PHOTO, TOLD = (
    f"media.{name}"
    for name in ("look_at_film", "make_rendition", "make_stills", "make_picture", "tell_ready")
)


@pytest.mark.parametrize(
    ("task", "size", "explains"),
    [
        (LOOK, None, {"rendition 480", "rendition 720", "still 4", "poster 720"}),
        (SIZE_OF, 720, {"rendition 720"}),
        (STILLS, None, {"still 4", "poster 720"}),
        (PHOTO, None, {"picture 640"}),
        (TOLD, None, set()),
    ],
)
def test_a_dead_job_explains_the_files_that_it_was_to_make_and_no_other(
    task: str, size: int | None, explains: set[str]
) -> None:
    dead = [Dead(task=task, words="it fails", size=size)]
    files = ("rendition 480", "rendition 720", "still 4", "poster 720", "picture 640")
    asked = {name: name.split() for name in files}

    mail = "This can be seen:\n\n- harbour.mp4: but it fails"
    said = {name for name, (kind, at) in asked.items() if is_said(dead, kind, int(at), mail)}
    assert said == explains
    assert not is_said(dead, "rendition", 720, "This can be seen:\n\n- harbour.mp4")


def test_an_error_that_nobody_expects_ends_the_storm(tmp_path: Path) -> None:
    people = Uploaders(1, lasts=0.0, folder=tmp_path)
    people.files.clear()
    people.start()
    people.join()

    with pytest.raises(RuntimeError, match="uploaders"):
        people.are_well()


def found(**amiss: list[str]) -> Found:
    """What a storm of ten files has left."""
    return Found(right=10, **amiss)


@pytest.mark.parametrize(
    ("amiss", "stands"),
    [
        ({}, True),
        ({"taken": 4}, False),
        ({"failed": 0}, False),
        ({"ffmpegs": 0}, False),
        ({"repeats": 3}, False),
        ({"found": found(dead=["a"])}, True),
        ({"found": found(dead=["a", "b", "c"])}, False),
        ({"found": found(lost=["a"])}, False),
    ],
)
def test_a_storm_stands_by_all_of_its_marks(amiss: dict[str, Any], *, stands: bool) -> None:
    statistics = Statistics(**{"found": found(), **WELL, **amiss})

    assert all(mark.met for mark in marks(statistics)) is stands


class _Well(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "4")
        self.end_headers()
        self.wfile.write(b"well")

    def log_message(self, *_: object) -> None:
        pass


def _asked(place: str, path: str) -> str:
    line = http.client.HTTPConnection(place, timeout=10)
    try:
        line.request("GET", path)
        answer = line.getresponse()
        return answer.read().decode() or str(answer.status)
    except (http.client.HTTPException, ConnectionError):
        return "cut off"
    finally:
        line.close()


def test_of_the_calls_through_it_one_in_so_many_fails_with_its_repetition() -> None:
    behind = ThreadingHTTPServer(("127.0.0.1", 0), _Well)
    address = f"http://127.0.0.1:{behind.server_address[1]}"
    with listening(behind), failing_storage(address, one_in=4, seed=1, slow=0) as storage:
        place = storage.url.removeprefix("http://")
        said = {path: _asked(place, path) for path in map("/{}".format, range(40))}
        failed = {path: answer for path, answer in said.items() if answer != "well"}
        again = {path: _asked(place, path) for path in failed}

    assert {*failed.values()} == {"503", "cut off"}
    assert len(failed) + storage.failed["slow"] == storage.failed.total()
    assert again == failed
