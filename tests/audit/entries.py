"""An entry to be looked at, of an order that nobody has to place."""

from datetime import UTC, datetime
from typing import Any

from audit.models import AuditEntry
from audit.services import record

AT = datetime(2026, 11, 21, 18, 5, 7, tzinfo=UTC)


def write_down(key: str = "audit:order_paid:H-10482-7kq2m9xv", **changes: Any) -> AuditEntry:
    """A payment, unless told otherwise."""
    facts: dict[str, Any] = {
        "action": "order_paid",
        "subject": "order:H-10482",
        "reference": "H-10482-7kq2m9xv",
        "actor": "customer",
        "at": AT,
        "detail": {"total_cents": 7350, "currency": "eur"},
    }
    record(key=key, **(facts | changes))
    return AuditEntry.objects.get(key=key)
