"""What is made of a picture in a test, and what is seen of it."""

import contextlib
import io
from typing import IO

from celery.exceptions import Retry
from PIL import Image

from deferral.errors import Bury
from deferral.handlers import job
from deferral.models import Job
from media import tasks
from media.models import Asset
from media.services import receive
from tests.rig.jobs import run_as_a_worker


def make(asset: Asset) -> Job:
    """Its job, as a worker runs it, whatever comes of it."""
    spec = job(tasks.make_picture, key=f"picture:{asset.tag}", tag=asset.tag)
    with contextlib.suppress(Bury, Retry):
        run_as_a_worker(spec)
    return Job.objects.get(key=spec.key)


def made(file: IO[bytes]) -> Asset:
    """An upload with its variants."""
    asset = receive(file, name="photo")
    assert make(asset).state == "done"
    return asset


def shown(asset: Asset, measure: int, format: str = "jpeg") -> Image.Image:  # noqa: A002
    """One of them, as a browser decodes it."""
    return Image.open(io.BytesIO(asset.variants.get(measure=measure, format=format).read()))


def colours(image: Image.Image) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Near its two ends."""
    width, height = image.size
    found = image.convert("RGB")
    ends = (width // 8, height // 8), (width - 1 - width // 8, height - 1 - height // 8)
    return tuple(found.getpixel(at) for at in ends)  # type: ignore[return-value]


def alike(one: tuple[int, ...], other: tuple[int, ...], by: int = 12) -> bool:
    return all(abs(a - b) <= by for a, b in zip(one, other, strict=True))
