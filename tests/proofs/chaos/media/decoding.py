"""Whether a file is what it is called: all of it is decoded, by Pillow or by ffmpeg itself.

Not by the reader that has looked at it before it was kept (`media.films.probing`).
"""

import io
import re
import subprocess
from pathlib import Path

from PIL import Image

from media.films.finding import ffmpeg
from tests.proofs.chaos.media.uploaders import RATE, Size

# Tag, kind, measure, format.
Name = tuple[str, str, int, str]
SHOWN = re.compile(r"Video: h264.*?, (\d+)x(\d+)")
DECODED = re.compile(r"^frame=(\d+)$", re.MULTILINE)
SHARE = 0.01  # of its pictures so many may be missing


def problem(content: bytes, name: Name, size: Size, seconds: int, folder: Path) -> str:
    """What is wrong with it; "" where nothing is."""
    _, kind, _, form = name
    if kind != "rendition":
        return of_a_picture(content, form, size)
    path = folder / "looked_at.mp4"
    path.write_bytes(content)
    return of_a_film(path, size, seconds * RATE)


def of_a_picture(content: bytes, form: str, size: Size) -> str:
    """The same, of what stands still."""
    with Image.open(io.BytesIO(content)) as image:
        image.load()
        seen = ((image.format or "").lower(), image.size)
    return "" if seen == (form, size) else f"it is {seen}"


def of_a_film(path: Path, size: Size, pictures: int) -> str:
    """The same: it has so many pictures."""
    command = [ffmpeg(), "-hide_banner", "-nostdin", "-xerror", "-i", str(path), "-map", "0:v:0"]
    command += ["-f", "null", "-progress", "pipe:1", "-"]
    told = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  ours
    shown, frames = SHOWN.search(told.stderr), DECODED.findall(told.stdout)
    if told.returncode or not shown or not frames:
        return f"it cannot be decoded: {told.stderr[-300:]}"
    if abs(int(frames[-1]) - pictures) > SHARE * pictures:
        return f"it has {frames[-1]} pictures of {pictures}"
    seen = (int(shown[1]), int(shown[2]))
    return "" if seen == size else f"it is {seen}"
