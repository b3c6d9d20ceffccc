"""Telling customers what became of their reviews."""

import structlog

from notifications import messages
from notifications.delivery import deliver
from orders.selectors import order_by_id
from reviews.models import Review

log = structlog.get_logger(__name__)


def tell_of_review(*, review_id: int, decision: int, key: str) -> None:
    """Tell its author what was decided. Nothing of one that is withdrawn, or decided about anew:
    another mail says so.
    """
    found = Review.objects.select_related("line", "product")
    review = found.filter(pk=review_id, decisions=decision).first()
    if review is None:
        log.info("mail_not_sent", key=key, reason="it is withdrawn, or decided about anew")
        return
    order = order_by_id(review.line.order_id)
    deliver(messages.review_decided(order, review, key=key), order.subject)
