"""The audit archive. Not for reading: it takes entries and gives nothing back."""

from typing import Any

from django.conf import settings

from deferral.external.http import tell
from deferral.external_services import external_service

AUDIT_ARCHIVE = external_service("audit archive")


def file_entry(entry: dict[str, Any], *, key: str) -> None:
    """Have the archive keep `entry`. Safe to repeat, and it raises, as `tell` says."""
    tell(AUDIT_ARCHIVE, f"{settings.AUDIT_ARCHIVE_URL}/entries", key=key, content=entry)
