"""The desk's view of what was written: to find and to open, not to change."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from reports.models import AuditEntry, Document, Ticket


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    """Nothing here is made, changed or deleted by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody."""
        return False


def link_to(document: Document | None) -> str:
    """Opens the file; staff may see every order's."""
    if document is None:
        return ""
    address = reverse("reports:document", args=[document.order.number, document.key])
    return format_html('<a href="{}">{}</a>', address, document.filename)


@admin.register(Document)
class DocumentAdmin(ReadOnly):
    """Receipts and tickets as files."""

    list_display = ("open", "title", "kind", "order", "size", "created_at")
    list_display_links = ("title",)
    list_filter = ("kind", "created_at")
    list_select_related = ("order",)
    search_fields = ("order__number", "order__email", "key", "title", "sha256")
    fields = ("open", "title", "kind", "order", "key", "sha256", "size", "created_at")

    @admin.display(description="file")
    def open(self, document: Document) -> str:
        """A link to the file."""
        return link_to(document)


@admin.register(Ticket)
class TicketAdmin(ReadOnly):
    """Seats: whose, and whether used."""

    list_display = ("code", "event", "position", "holder", "order", "used_at", "open")
    list_filter = (("used_at", admin.EmptyFieldListFilter),)
    list_select_related = ("line__order", "document__order")
    search_fields = ("code", "holder", "line__title", "line__order__number")
    fields = ("code", "event", "position", "holder", "order", "used_at", "open")

    @admin.display(ordering="line__title")
    def event(self, ticket: Ticket) -> str:
        """What it is for."""
        return ticket.line.title

    @admin.display(ordering="line__order")
    def order(self, ticket: Ticket) -> str:
        """The order's number."""
        return ticket.line.order.number

    @admin.display(description="file")
    def open(self, ticket: Ticket) -> str:
        """A link to the file."""
        return link_to(ticket.document)


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly):
    """The audit log."""

    date_hierarchy = "at"
    list_display = ("at", "action", "subject", "actor", "detail", "filed_at")
    list_filter = ("action", ("filed_at", admin.EmptyFieldListFilter))
    search_fields = ("subject", "action", "actor", "key")
