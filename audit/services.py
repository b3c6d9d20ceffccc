"""What can be done: write an entry down, and file it at the archive."""

from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.db.models.functions import Now

from audit import gateway
from audit.events import EntryRecorded
from audit.models import AuditEntry
from audit.selectors import entry_by_id
from deferral.crashpoints import crashpoint
from deferral.errors import PublishedOutsideTransaction
from deferral.events import publish
from deferral.tasks import finishing


class Facts(TypedDict):
    """What an entry says. `at` is when it happened, not when we came to write it down."""

    action: str
    subject: str
    reference: str
    actor: str
    at: datetime | Now
    detail: dict[str, Any]


def record(*, key: str, **facts: Unpack[Facts]) -> None:
    """Write an entry in the caller's transaction, with the event that has the archive told.

    Safe to repeat: the key is the entry's. PublishedOutsideTransaction where there is no
    transaction: what is written down would not be bound to what was done.
    """
    if not transaction.get_connection().in_atomic_block:
        raise PublishedOutsideTransaction(key)
    entry, new = AuditEntry.objects.get_or_create(key=key, defaults=facts)
    if new:
        publish(EntryRecorded(entry_id=entry.pk), subject=entry.subject)
        crashpoint("audit_announced")


def file_entry(*, entry_id: int, key: str) -> None:
    """File an entry at the archive. Safe to repeat: the archive knows the key again."""
    entry = entry_by_id(entry_id)
    gateway.file_entry(for_the_archive(entry), key=key)
    with finishing():
        AuditEntry.objects.filter(pk=entry_id).update(filed_at=Now())


def for_the_archive(entry: AuditEntry) -> dict[str, Any]:
    """An entry as it is sent: what its subject is called outside, no id of ours, nobody's name."""
    kind, _, number = entry.subject.partition(":")
    return {
        kind: entry.reference,
        "number": number,
        "action": entry.action,
        "actor": "customer" if entry.actor == AuditEntry.CUSTOMER else "staff",
        "at": entry.at.isoformat(),
        **entry.detail,
    }
