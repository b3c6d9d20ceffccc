"""Which code a value was built by: of two releases, neither reads what the other has kept.

So a deploy needs no emptied cache, and two releases can run beside each other. A digest of the
sources, because nobody remembers to raise a number.
"""

import hashlib
import sysconfig
from functools import lru_cache
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings

KINDS = {".py", ".html", ".json", ".txt", ".svg"}
# What pages show of settings, beside those that a project names in WARM_SETTINGS.
SHOWN = ("TIME_ZONE", "LANGUAGE_CODE", "STATIC_URL")


@lru_cache(maxsize=1)
def release() -> str:
    """Twelve letters: the project's own apps, its settings as far as they are shown, and Django."""
    digest = hashlib.blake2s(django.__version__.encode(), digest_size=6)
    for name in (*SHOWN, *getattr(settings, "WARM_SETTINGS", ())):
        digest.update(f"{name}={getattr(settings, name)!r}\n".encode())
    for path in sorted(_sources()):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _sources() -> list[Path]:
    others = Path(sysconfig.get_path("purelib")).resolve()
    ours = [Path(app.path).resolve() for app in apps.get_app_configs()]
    folders = [path for path in ours if not path.is_relative_to(others)]
    return [path for folder in folders for path in folder.rglob("*") if path.suffix in KINDS]
