"""A file arrives: its size is looked at, it is put away, and a job is to look into it."""

from typing import IO

from django.db import transaction
from django.template.defaultfilters import filesizeformat

from deferral.enqueueing import enqueue
from deferral.names import new_tag
from deferral.text.foreign import one_line
from media.filing import file_away
from shop.imports.errors import NotReadable
from shop.models import ProductImport

# Bytes. Three times as much as ten thousand products have; it is read as a whole. A request to a
# page that takes files may be larger: media.large_bodies.
MOST_BYTES = 10 * 1_048_576
TOO_LARGE = f"A file has at most {filesizeformat(MOST_BYTES)}. Divide it."


def receive(file: IO[bytes], *, name: str, uploaded_by: str) -> ProductImport:
    """The file in storage, its row, and the job that looks at it. NotReadable: too large, empty.

    Nothing of what is in it has been believed, or looked at. Retry where the storage is away.
    """
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise NotReadable(TOO_LARGE)
    if not content.strip():
        raise NotReadable("The file is empty.")
    tag = new_tag()
    key = f"import:{tag}"
    filed = file_away(content, key=key, folder=ProductImport.folder, suffix=".csv")
    with transaction.atomic():
        found = ProductImport.objects.create(
            tag=tag,
            key=key,
            name=one_line(name, 200) or "products.csv",
            uploaded_by=uploaded_by,
            file=filed.name,
            sha256=filed.sha256,
            size=filed.size,
            place=filed.place,
        )
        enqueue("shop.check_import", key=found.check_key, subject=found.subject, import_id=found.pk)
    return found
