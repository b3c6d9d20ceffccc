"""Where files go: a place named by what they are, so that writing one again changes nothing."""

import hashlib
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from deferral.crashpoints import crashpoint


@dataclass(frozen=True, kw_only=True, slots=True)
class Filed:
    """A file in storage: its name there, and what a row should remember of it."""

    name: str
    sha256: str
    size: int


def file_away(content: bytes, *, key: str, folder: str, suffix: str) -> Filed:
    """Keep `content` in `folder` under a name made of the job's key and its own hash.

    Safe to repeat and to run twice at once: the same content is the same name. What a killed
    process left there half written (its size tells) is replaced.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    name = f"{folder}/{sha256[:2]}/{key.replace(':', '-')}-{sha256[:16]}{suffix}"
    if not _is_whole(name, len(content)):
        default_storage.delete(name)
        _save(name, content)
    crashpoint("file_stored")
    return Filed(name=name, sha256=sha256, size=len(content))


def _is_whole(name: str, size: int) -> bool:
    return default_storage.exists(name) and default_storage.size(name) == size


def _save(name: str, content: bytes) -> None:
    """A storage that will not overwrite picks another name when a twin was quicker: not kept."""
    taken = default_storage.save(name, ContentFile(content))
    if taken != name:
        default_storage.delete(taken)
