"""Documents to download, and tickets at the door."""

import hmac
import io

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from media.downloads import from_storage, hand_out, private
from media.verbs import Download
from orders.payments.refunds.sums import void_pieces
from reports import selectors, services
from reports.merging import merged
from reports.models import Document, StatementFile, Ticket
from reports.permissions import AT_THE_DOOR, BOOKS, may
from shop.access import is_own

PDF = "application/pdf"


@require_safe
@never_cache
@from_storage
def document(request: HttpRequest, number: str, key: str) -> HttpResponseBase:
    """A receipt or a ticket, for whoever may see its order. Everybody else gets a 404."""
    found = selectors.document(number=number, key=key)
    if found is None or not may_see(request, found):
        raise Http404
    return hand_out(found, Download(filename=found.filename, content_type=PDF))


@require_safe
@never_cache
@from_storage
def tickets(request: HttpRequest, number: str) -> HttpResponseBase:
    """Every ticket of an order that is written and not void, as one file, for the same people."""
    written = selectors.tickets_of(number)
    if not written or not may_see(request, written[0]):
        raise Http404
    found = selectors.of_worth(written, void_pieces(written[0].order))
    if not found:
        raise Http404
    name = f"Halyard-{number}-tickets.pdf"
    pages = merged(found, title=f"Tickets of order {number}")
    answer = FileResponse(io.BytesIO(pages), content_type=PDF, filename=name)
    return private(answer)


@require_safe
@never_cache
@from_storage
def statement(request: HttpRequest, key: str) -> HttpResponseBase:
    """A customer's statement, or a month's sums, for staff who see statements. Else a 404."""
    found = StatementFile.objects.select_related("run", "statement").filter(key=key).first()
    if found is None or not may(request, BOOKS):
        raise Http404
    return hand_out(found, Download(filename=found.filename, content_type=PDF))


def may_see(request: HttpRequest, found: Document) -> bool:
    """Staff who see documents in the admin, the browser that ordered, or who holds its link.

    Tickets are seen by staff who let people in with them.
    """
    order, is_ticket = found.order, found.kind == Document.Kind.TICKET
    token = request.GET.get("token", "")
    return (
        may(request, AT_THE_DOOR if is_ticket else "reports.view_document")
        or is_own(request, order)
        or hmac.compare_digest(token.encode(), order.link_token.encode())
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def ticket(request: HttpRequest, code: str) -> HttpResponse:
    """What a code is worth. Who may at the door lets its holder in by POST, once."""
    found = selectors.ticket(code)
    if found is None:
        return page(request, "unknown", None, status=404)
    if request.method != "POST":
        return page(request, found.validity, found)
    if not (request.user.is_authenticated and may(request, AT_THE_DOOR)):
        raise PermissionDenied
    if services.let_in(ticket_id=found.pk, by=request.user.pk):
        return page(request, "admitted", found)
    found.refresh_from_db()
    return page(request, found.validity, found, status=409)


def page(
    request: HttpRequest, validity: str, found: Ticket | None, *, status: int = 200
) -> HttpResponse:
    """The ticket's page: never indexed, and its address, which is the code, not passed on."""
    context = {"validity": validity, "ticket": found, "at_the_door": may(request, AT_THE_DOOR)}
    answer = render(request, "reports/ticket.html", context, status=status)
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer
