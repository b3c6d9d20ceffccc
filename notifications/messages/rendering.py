"""A mail about an order, in plain text and in HTML, from the templates of its name."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from notifications.gateway import Attachment, Inline, Mail
from orders.models import Order
from reports.models import Document, StatementFile


def order_link(order: Order) -> str:
    """The guest's way back to the order."""
    return f"{settings.SITE_URL}/orders/{order.number}/?token={order.link_token}"


def order_mail(
    order: Order,
    name: str,
    subject: str,
    key: str,
    context: dict[str, Any],
    attachments: tuple[Attachment, ...] = (),
    *,
    to: str = "",
    secrets: tuple[str, ...] = (),
    pictures: tuple[Inline, ...] = (),
) -> Mail:
    whole = {
        "order": order,
        "lines": list(order.lines.all()),
        "link": order_link(order),
        "site": settings.SITE_URL,
        **context,
    }
    return Mail(
        key=key,
        to=to or order.email,
        subject=subject.format(order.number),
        text=render_to_string(f"notifications/{name}.txt", whole),
        html=render_to_string(f"notifications/{name}.html", whole),
        attachments=attachments,
        secrets=secrets,
        pictures=pictures,
    )


def attached(documents: Sequence[Document | StatementFile]) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(filename=document.filename, content=document.read()) for document in documents
    )
