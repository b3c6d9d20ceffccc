"""A file arrives: its size is looked at, it is put away, and a job is to look into it."""

import os
from typing import IO

from django.db import transaction
from django.template.defaultfilters import filesizeformat

from deferral.enqueueing import enqueue
from deferral.names import new_tag
from deferral.text.foreign import one_line
from media.filing import Filed, file_away, file_stream_away
from media.limits import MEGABYTE
from media.pictures.opening import in_megabytes
from shop.imports.errors import NotReadable, PicturesNotReadable
from shop.models import ImportArchive, ProductImport

# Bytes. Three times as much as ten thousand products have; it is read as a whole. A request to a
# page that takes files may be larger: media.large_bodies.
MOST_BYTES = 10 * 1_048_576
TOO_LARGE = f"A file has at most {filesizeformat(MOST_BYTES)}. Divide it."
# Of the ZIP beside it. A ZIP can have four times as much before its own format changes.
MOST_OF_PICTURES = 1_000 * MEGABYTE
TOO_LARGE_ZIP = f"The pictures have at most {in_megabytes(MOST_OF_PICTURES)} together. Divide them."


def receive(
    file: IO[bytes],
    *,
    name: str,
    uploaded_by: str,
    pictures: IO[bytes] | None = None,
    pictures_name: str = "",
) -> ProductImport:
    """The files in storage, their rows, and the job that looks at them. NotReadable: too large,
    empty. `pictures` is a ZIP of what the lines name: PicturesNotReadable.

    Nothing of what is in them has been believed, or looked at. Retry where the storage is away.
    """
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise NotReadable(TOO_LARGE)
    if not content.strip():
        raise NotReadable("The file is empty.")
    if pictures is not None and pictures.seek(0, os.SEEK_END) > MOST_OF_PICTURES:
        raise PicturesNotReadable(TOO_LARGE_ZIP)
    tag = new_tag()
    key = f"import:{tag}"
    filed = file_away(content, key=key, folder=ProductImport.folder, suffix=".csv")
    packed = _pictures_away(pictures, key)
    with transaction.atomic():
        known = one_line(name, 200) or "products.csv"
        found = ProductImport.objects.create(
            tag=tag, name=known, uploaded_by=uploaded_by, **_file(key, filed)
        )
        if packed:
            known = one_line(pictures_name, 200) or "pictures.zip"
            ImportArchive.objects.create(source=found, name=known, **_file(key, packed))
        enqueue("shop.check_import", key=found.check_key, subject=found.subject, import_id=found.pk)
    return found


def _pictures_away(pictures: IO[bytes] | None, key: str) -> Filed | None:
    if pictures is None:
        return None
    pictures.seek(0)
    return file_stream_away(pictures, key=key, folder=ImportArchive.folder, suffix=".zip")


def _file(key: str, filed: Filed) -> dict[str, str | int]:
    """What a row remembers of it."""
    return {
        "key": key,
        "file": filed.name,
        "sha256": filed.sha256,
        "size": filed.size,
        "place": filed.place,
    }
