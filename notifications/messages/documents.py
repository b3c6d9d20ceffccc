"""Mails that carry an order's documents."""

from collections.abc import Sequence

from notifications.gateway import Mail
from notifications.messages.pictures import pictures_of
from notifications.messages.rendering import attached, order_mail
from orders.models import Order
from orders.payments.refunds.sums import back_of
from reports.models import Document
from shop.downloads import downloads_of

# Above this a mail is likely to be refused on its way; links take the place of attachments.
MOST_BYTES = 8_000_000


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
    fits = sum(document.size for document in documents) <= MOST_BYTES
    back = back_of(order.pk)
    lines = list(order.lines.all())
    pictures = pictures_of(lines)
    context = {
        "lines": [(line, pictures.get(line.pk)) for line in lines],
        "back": back,
        "documents": documents,
        "missing": missing,
        "given_up": given_up,
        "attached": fits,
        "downloads": downloads_of(order, lines, back),
    }
    return order_mail(
        order,
        "confirmation",
        "Your order {}",
        key,
        context,
        attached(documents) if fits else (),
        pictures=tuple(pictures.values()),
    )


def late_document(order: Order, *, document: Document, key: str) -> Mail:
    """A document that the confirmation had to go without."""
    attachments = attached([document])
    return order_mail(
        order, "late_document", "More for your order {}", key, {"document": document}, attachments
    )
