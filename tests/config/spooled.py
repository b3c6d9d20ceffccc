"""What a test's web server runs: it answers where this request's body and Django's files are."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile

import config.wsgi  # noqa: F401  with its settings


def application(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
    """The paths, one in a line; that of a file without a name as the system says it."""
    body = Path(f"/proc/self/fd/{environ['wsgi.input'].fileno()}")
    upload = TemporaryUploadedFile("pier.jpg", "image/jpeg", 3, None)
    paths = str(body.readlink()), upload.temporary_file_path()
    told = "\n".join(paths).encode()
    start("200 OK", [("Content-Length", str(len(told)))])
    return [told]
