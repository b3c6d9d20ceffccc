"""What stands on a ticket: plain data."""

from typing import Any

from django.conf import settings

from orders.models import OrderLine
from reports.qr_codes import qr_code
from reports.seller import BRAND
from reports.ticket_codes import code_of


def ticket_of(line: OrderLine, *, position: int) -> dict[str, Any]:
    """Everything the template shows of ticket `position`, which counts from 1."""
    code = code_of(reference=line.order.reference, line_id=line.pk, position=position)
    return {
        "title": title_of(line, position=position),
        "brand": BRAND,
        "event": line.title or "Ticket",
        "facts": facts_of(line.detail),
        "holder": line.order.name,
        "code": code,
        "position": f"Ticket {position} of {line.quantity}",
        "number": line.order.number,
        "qr": qr_code(f"{settings.SITE_URL}/tickets/{code}/"),
    }


def title_of(line: OrderLine, *, position: int) -> str:
    """For instance `Ticket 2 of 3: Winter Concert`."""
    return f"Ticket {position} of {line.quantity}: {line.title}"


def facts_of(detail: str) -> list[list[str]]:
    """`Sat 12 Dec 2026, 19:00 · North Pier` says when and where; anything else stays whole."""
    when, dot, where = detail.partition(" · ")
    if dot:
        return [["When", when], ["Where", where]]
    return [["Details", detail]] if detail else []
