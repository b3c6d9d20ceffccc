"""Reads."""

from audit.models import AuditEntry


def entry_by_id(entry_id: int) -> AuditEntry:
    """One entry of the audit log."""
    return AuditEntry.objects.get(pk=entry_id)
