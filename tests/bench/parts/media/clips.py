"""What is uploaded: a film and a photo that are drawn here. A film is kept for the next run."""

import random
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from tests.bench import report
from tests.media.drawn import LYING, exif, written
from tests.media.films.filming import film

# Full of detail that moves, as a hand-held telephone's is: a codec has something to do.
NOISE = "noise=alls=12:allf=t"
ENCODED = ("-vf", NOISE, "-c:v", "libx264", "-preset", "ultrafast")
# Bits a second of a film of 2160p, as telephones have it; of a smaller one as many for each pixel.
RATE, LARGEST = 40_000_000, 2160
PIXELS = ("-pix_fmt", "yuv420p")
# Of 12 megapixels: the camera's sensor, whichever way it was held.
SENSOR = (4032, 3024)


@dataclass(frozen=True)
class Clip:
    """So many seconds of a film of this size, `height` being its shorter side."""

    height: int
    seconds: int

    @property
    def path(self) -> Path:
        """Made when it is first asked for, under its name once it is whole."""
        kept = report.place(f"clips/{self.height}p-{self.seconds}s.mp4")
        if not kept.exists():
            kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            size = f"{self.height * 16 // 9}x{self.height}"
            rate = str(RATE * self.height**2 // LARGEST**2)
            how, fresh = (*ENCODED, *PIXELS, "-b:v", rate), f"{kept.stem}.new.mp4"
            made = film(kept.parent, *how, name=fresh, seconds=self.seconds, size=size, rate=30)
            made.replace(kept)
        return kept


def photo_of_12_megapixels() -> bytes:
    """A JPEG with shapes and grain, some 3 MB, turned by its head as a telephone does it."""
    chance = random.Random(12)  # noqa: S311  a picture, no secret
    coarse = Image.frombytes("RGB", (84, 63), chance.randbytes(84 * 63 * 3))
    shapes = coarse.resize(SENSOR, Image.Resampling.BICUBIC)
    grain = Image.effect_noise((1008, 756), 40).resize(SENSOR, Image.Resampling.BILINEAR)
    image = Image.blend(shapes, Image.merge("RGB", [grain] * 3), 0.3)
    return written(image, quality=88, exif=exif(LYING)).read()
