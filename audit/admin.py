"""The audit log in the admin: to find, not to change."""

from django.contrib import admin

from audit.models import AuditEntry
from deferral.admin.kit.formatting import NOTHING
from deferral.admin.kit.searching import Findable


@admin.register(AuditEntry)
class AuditEntryAdmin(Findable[AuditEntry]):
    """The audit log."""

    list_display = ("at", "action", "subject", "actor", "details", "filed_at")
    list_filter = ("action", "at", ("filed_at", admin.EmptyFieldListFilter))
    search_fields = ("subject__in", "key__startswith")
    search_help_text = "An order's number, or the beginning of a key."

    @admin.display(description="detail")
    def details(self, entry: AuditEntry) -> str:
        """`currency eur, total_cents 9350`."""
        return ", ".join(f"{name} {value}" for name, value in entry.detail.items()) or NOTHING
