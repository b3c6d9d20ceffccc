"""The audit archive. Not for reading: it takes entries and gives nothing back."""

from typing import Any

from django.conf import settings

from deferral.external.http import tell


def file_entry(entry: dict[str, Any], *, key: str) -> None:
    """Have the archive keep `entry`. Safe to repeat, and it raises, as `tell` says."""
    tell("audit archive", f"{settings.AUDIT_ARCHIVE_URL}/entries", key=key, content=entry)
