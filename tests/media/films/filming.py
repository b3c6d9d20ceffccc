"""Films made for a test, by the program that will read them: two seconds of a moving picture."""

import io
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

from celery.exceptions import Retry

from deferral.errors import Outcome
from deferral.handlers import job
from deferral.models import Job
from media.films.facts import Facts
from media.films.finding import ffmpeg
from media.films.looking import key_of_look
from media.films.probing import probe
from media.films.reading import on_this_machine
from media.formats import HEAD, format_of
from media.models import Asset
from media.services import receive
from tests.rig.jobs import run_as_a_worker

SIZE, RATE, SECONDS = "320x180", 25, 2
H264 = ("-c:v", "libx264", "-preset", "ultrafast")
PLAIN = (*H264, "-pix_fmt", "yuv420p")
# A shade of grey that no model minds.
GREY = "color=gray"


def ffmpeg_makes(*arguments: str) -> None:
    """Run it as it is."""
    command = [ffmpeg(), "-v", "error", "-nostdin", "-y", *arguments]
    subprocess.run(command, check=True)  # noqa: S603  ours


def film(
    folder: Path,
    *how: str,
    name: str = "film.mp4",
    seconds: float = SECONDS,
    size: str = SIZE,
    rate: float = RATE,
    sound: bool = True,
    picture: str = "testsrc2",
) -> Path:
    """A film, encoded as `how` says, which may hold filters."""
    path = folder / name
    shown = f"{picture}{':' if '=' in picture else '='}size={size}:rate={rate}:duration={seconds}"
    sounds = ("-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}") if sound else ()
    ffmpeg_makes("-f", "lavfi", "-i", shown, *sounds, *(how or PLAIN), str(path))
    return path


def changed(path: Path, *how: str, name: str, before: tuple[str, ...] = ()) -> Path:
    """The same film with another head, its pictures not encoded again."""
    new = path.with_name(name)
    ffmpeg_makes(*before, "-i", str(path), "-c", "copy", *how, str(new))
    return new


def facts_of(path: Path) -> Facts:
    """As the first look at it finds them."""
    return facts_in(path.read_bytes())


def facts_in(content: bytes) -> Facts:
    """Of what is no file of a folder."""
    with on_this_machine(io.BytesIO(content), format_of(content[:HEAD])) as source:
        return probe(source)


def received(path: Path, **options: Any) -> Asset:
    """Uploaded."""
    with path.open("rb") as file:
        return receive(file, name=path.name, **options)


def run(task: str, asset: Asset, key: str = "", **kwargs: Any) -> Job:
    """One of its jobs, run here; as it is afterwards, done or not."""
    spec = job(task, key=key or f"{task}:{asset.tag}", tag=asset.tag, **kwargs)
    with suppress(Retry, Outcome):  # what Celery is told of it
        run_as_a_worker(spec)
    return Job.objects.get(key=spec.key)


def looked_at(path: Path) -> Asset:
    """Uploaded, and looked at for the first time."""
    asset = received(path)
    run("media.look_at_film", asset, key=key_of_look(asset))
    asset.refresh_from_db()
    return asset
