"""Where ffmpeg is. It is a program, never imported: its GPL ends at its process."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings

from media.films.errors import NoFfmpeg

PACKAGE = "imageio_ffmpeg"


def ffmpeg() -> str:
    """The setting FFMPEG, else the package's binary, else the system's. NoFfmpeg."""
    found: str | None
    said: str = settings.FFMPEG
    if said:
        found = shutil.which(said)
        if not found:
            msg = f"FFMPEG names {said}, which is no program."
            raise NoFfmpeg(msg)
        return found
    found = _of_the_package() or shutil.which("ffmpeg")
    if not found:
        raise NoFfmpeg
    return found


def _of_the_package() -> str | None:
    """It is asked for its folder alone: to look for a package is not to import it."""
    spec = find_spec(PACKAGE)
    folders = spec.submodule_search_locations if spec else None
    for folder in folders or ():
        for path in sorted(Path(folder, "binaries").glob("ffmpeg-*")):
            if os.access(path, os.X_OK):
                return str(path)
    return None
