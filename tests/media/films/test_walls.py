"""Limits of which each stands behind another: tried alone."""

import socketserver
from pathlib import Path

import pytest

from media.errors import NotAccepted
from media.films.apart import Limits, running
from media.films.errors import ProgramFailed
from media.films.finding import ffmpeg
from media.films.probing import probe
from media.films.reading import Source, on_this_machine, reading
from media.models import Asset
from tests.media.films.filming import GREY, film, looked_at, run
from tests.rig.listening import listening

LIMITS = Limits(cpu=20, size=1_000_000)


class Asked(socketserver.ThreadingTCPServer):
    """Counts who comes."""

    def __init__(self) -> None:
        self.times = 0
        super().__init__(("127.0.0.1", 0), socketserver.BaseRequestHandler)

    def verify_request(self, request: object, client_address: object) -> bool:
        self.times += 1
        return False


def test_nothing_but_files_is_opened_whatever_a_film_might_name() -> None:
    with Asked() as server, listening(server):
        address = f"http://127.0.0.1:{server.server_address[1]}/film.mp4"
        arguments = [*reading(Source(0))[:-1], address, "-f", "null", "-"]
        with (
            pytest.raises(ProgramFailed) as told,
            running([ffmpeg(), "-nostdin", *arguments], limits=LIMITS) as program,
        ):
            program.end()
    assert "not on whitelist" in told.value.words
    assert server.times == 0


def test_a_film_is_read_by_the_reader_that_its_first_bytes_name_and_by_no_other(
    tmp_path: Path,
) -> None:
    other = film(tmp_path, name="film.mkv")
    with on_this_machine(other.open("rb"), "mp4") as source, pytest.raises(NotAccepted):
        probe(source)


@pytest.mark.django_db
@pytest.mark.parametrize(("missing", "state"), [(0.9, "done"), (1.5, "pending")])
def test_of_a_rendition_a_hundredth_may_be_missing(
    tmp_path: Path, missing: float, state: str
) -> None:
    asset = looked_at(film(tmp_path, seconds=100, rate=5, picture=GREY, sound=False))
    Asset.objects.filter(pk=asset.pk).update(seconds=100 + missing)

    assert run("media.make_rendition", asset, size=480).state == state
