"""The texts of our mails: what a customer reads, in plain text and in HTML."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from notifications.gateway import Attachment, Mail
from orders.models import Order, Reconciliation, Refund
from orders.payments.refunds.sums import back_of, sold_again
from orders.selectors import came_back_before, captured_payment
from reports.models import Document
from shop.downloads import downloads_of
from shop.wording import euros
from webhooks.models import Endpoint

# Above this a mail is likely to be refused on its way; links take the place of attachments.
MOST_BYTES = 8_000_000


def order_link(order: Order) -> str:
    """The guest's way back to the order."""
    return f"{settings.SITE_URL}/orders/{order.number}/?token={order.link_token}"


def confirmation(
    order: Order,
    *,
    documents: Sequence[Document],
    missing: Sequence[str],
    key: str,
    given_up: int = 0,
) -> Mail:
    """The mail every order ends with; `missing` documents are announced, not hidden.

    So is the number of those that were `given_up`, and never follow.
    """
    attached = sum(document.size for document in documents) <= MOST_BYTES
    back = back_of(order.pk)
    context = {
        "back": back,
        "documents": documents,
        "missing": missing,
        "given_up": given_up,
        "attached": attached,
        "downloads": downloads_of(order, order.lines.all(), back),
    }
    attachments = _attach(documents) if attached else ()
    return _mail(order, "confirmation", "Your order {}", key, context, attachments)


def late_document(order: Order, *, document: Document, key: str) -> Mail:
    """A document that the confirmation had to go without."""
    attachments = _attach([document])
    return _mail(
        order, "late_document", "More for your order {}", key, {"document": document}, attachments
    )


def cancellation(order: Order, *, key: str) -> Mail:
    """Staff called the order off. What went back before does not go back again."""
    payment = captured_payment(order.pk)
    cents = payment.amount_cents - payment.refunded_cents if payment else 0
    return _mail(order, "cancellation", "Your order {} is cancelled", key, {"cents": cents})


def refund(order: Order, refund: Refund, *, key: str) -> Mail:
    """Money went back: all of it, or a part."""
    cents = refund.amount_cents
    is_part = cents < order.total_cents
    named = list(refund.lines.select_related("line"))
    is_all = order.state == Order.State.REFUNDED
    context = {"cents": cents, "is_part": is_part, "is_all": is_all, "named": named}
    part = f"of {euros(cents)} " if is_part else ""
    again = ", sent again" if came_back_before(order.pk, refund.pk) else ""
    return _mail(order, "refund", f"Your refund {part}for order {{}}{again}", key, context)


def came_to_nothing(order: Order, refund: Refund, *, key: str) -> Mail:
    """To whoever looks after payments: what did not go back, or came back, and why."""
    happened = "came back" if refund.came_back_at else refund.get_state_display()
    subject = f"Refund of {euros(refund.amount_cents)} {happened.lower()} for order {{}}"
    is_open = refund.came_back_at and order.state == Order.State.PAID
    context = {"refund": refund, "sold_again": sold_again(refund) if is_open else ()}
    return _mail(order, "refund_failed", subject, key, context, to=settings.STAFF_EMAIL)


def came_back(order: Order, refund: Refund, *, key: str) -> Mail:
    """To the customer: what we had said of the money is not so any more, nor of most tickets."""
    named = refund.lines.select_related("line") if order.state == Order.State.PAID else ()
    context = {"refund": refund, "valid_again": [one for one in named if not one.to_stock]}
    return _mail(order, "refund_came_back", "Your refund for order {} did not arrive", key, context)


def too_late(order: Order, *, key: str) -> Mail:
    """The money came after the order had failed, and goes back."""
    return _mail(order, "too_late", "Your payment for order {} goes back", key, {})


def payment_failed(order: Order, *, reason: str, key: str) -> Mail:
    """No money came, and its customer was not there to read so: how to pay again, until when."""
    context = {"reason": reason, "again": order.can_pay_again}
    return _mail(
        order, "payment_failed", "Your payment for order {} did not go through", key, context
    )


def books_differ(report: Reconciliation, *, key: str) -> Mail:
    """To whoever looks after payments: what differs, line by line."""
    context = {"report": report, "site": settings.SITE_URL}
    return Mail(
        key=key,
        to=settings.STAFF_EMAIL,
        subject=f"Books of {report.day}: {len(report.findings)} to look at",
        text=render_to_string("notifications/books_differ.txt", context),
        html=render_to_string("notifications/books_differ.html", context),
    )


def endpoint_failing(endpoint: Endpoint, *, days: int, key: str) -> Mail:
    """To the same: an endpoint fails for so many days, or (0) is sent nothing any more."""
    what = f"has been failing for {days} day{'s' if days > 1 else ''}" if days else "is disabled"
    context = {"endpoint": endpoint, "days": days, "site": settings.SITE_URL}
    return Mail(
        key=key,
        to=settings.STAFF_EMAIL,
        subject=f"Webhooks: {endpoint.slug} {what}",
        text=render_to_string("notifications/endpoint_failing.txt", context),
        html=render_to_string("notifications/endpoint_failing.html", context),
    )


def to_staff(order: Order, *, key: str) -> Mail:
    """The same, for whoever looks after payments."""
    return _mail(order, "to_staff", "Late money for order {}", key, {}, to=settings.STAFF_EMAIL)


def _mail(
    order: Order,
    name: str,
    subject: str,
    key: str,
    context: dict[str, Any],
    attachments: tuple[Attachment, ...] = (),
    *,
    to: str = "",
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
    )


def _attach(documents: Sequence[Document]) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(filename=document.filename, content=document.read()) for document in documents
    )
