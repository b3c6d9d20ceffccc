"""The admin's view of what was written: to find and to open, not to change."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from deferral.admin.kit.searching import Findable
from orders.admin.sections import Section, on_order_page
from orders.models import Order, OrderLine
from orders.payments.refunds.sums import void_pieces
from reports.models import Document, Ticket
from reports.permissions import AT_THE_DOOR, may
from reports.selectors import documents_of, seat_of


@on_order_page("reports.view_document")
def receipts(order: Order) -> Section:
    """To open."""
    return _files("Documents", order, Document.Kind.RECEIPT, place=10)


@on_order_page(AT_THE_DOOR)
def tickets(order: Order) -> Section | None:
    """To open, for who lets people in."""
    has_any = order.lines.filter(kind=OrderLine.Kind.TICKET).exists()
    return _files("Tickets", order, Document.Kind.TICKET, place=11) if has_any else None


def _files(title: str, order: Order, kind: str, *, place: int) -> Section:
    """Each with whether it is void."""
    found, void = documents_of(order.pk), void_pieces(order)
    rows = [(one, seat_of(one) in void) for one in found if one.kind == kind]
    context = {"documents": rows, "number": order.number}
    return Section(
        title=title, template="admin/reports/_documents.html", context=context, place=place
    )


def link_to(document: Document | None) -> str:
    """Opens the file: a receipt for who sees documents, a ticket for who stands at the door."""
    if document is None:
        return ""
    address = reverse("reports:document", args=[document.order.number, document.key])
    return format_html('<a href="{}">{}</a>', address, document.filename)


@admin.register(Document)
class DocumentAdmin(Findable[Document]):
    """Receipts and tickets as files."""

    list_display = ("open", "title", "kind", "order", "size", "created_at")
    list_display_links = ("title",)
    list_filter = ("kind", "created_at")
    list_select_related = ("order",)
    search_fields = ("order__number__in", "order__email__exact", "key__startswith")
    search_help_text = "An order's number, a whole address, or the beginning of a key."
    fields = ("open", "title", "kind", "order", "key", "sha256", "size", "created_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        """With whether this person may open each."""
        is_shut = Value(False) if may(request, AT_THE_DOOR) else Q(kind=Document.Kind.TICKET)  # noqa: FBT003 - SQL's
        return super().get_queryset(request).annotate(is_shut=is_shut)

    @admin.display(description="file")
    def open(self, document: Any) -> str:
        """A link to the file."""
        return str(document) if document.is_shut else link_to(document)


@admin.register(Ticket)
class TicketAdmin(Findable[Ticket]):
    """Seats: whose, and whether used."""

    list_display = ("code", "event", "position", "holder", "order", "used_at", "open")
    ordering = ("-id",)
    list_filter = (("used_at", admin.EmptyFieldListFilter),)
    list_select_related = ("line__order", "document__order")
    search_fields = ("code__in", "line__order__number__in")
    search_help_text = "A code, or an order's number."
    fields = ("code", "event", "position", "holder", "order", "worth", "used_at", "open")
    for_others = ("masked", "event", "position", "holder", "order", "worth", "used_at")

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """Codes and files for who stands at the door."""
        return self.list_display if may(request, AT_THE_DOOR) else self.for_others

    def get_fields(self, request: HttpRequest, obj: Ticket | None = None) -> tuple[str, ...]:
        """The same."""
        return self.fields if may(request, AT_THE_DOOR) else self.for_others

    @admin.display(description="code")
    def masked(self, ticket: Ticket) -> str:
        """Its beginning."""
        return ticket.masked

    @admin.display(ordering="line__title")
    def event(self, ticket: Ticket) -> str:
        """What it is for."""
        return ticket.line.title

    @admin.display(ordering="line__order")
    def order(self, ticket: Ticket) -> str:
        """The order's number."""
        return ticket.line.order.number

    @admin.display(description="at the door")
    def worth(self, ticket: Ticket) -> str:
        """What the door says to it now."""
        return {"refunded": "void: refunded"}.get(ticket.validity, ticket.validity)

    @admin.display(description="file")
    def open(self, ticket: Ticket) -> str:
        """A link to the file."""
        return link_to(ticket.document)
