"""The texts of our mails: what a customer or the staff read, in plain text and in HTML."""

from notifications.messages.contact import answer, message_arrived, message_received
from notifications.messages.documents import confirmation, late_document
from notifications.messages.finding import order_found
from notifications.messages.logging_in import login_link, welcome
from notifications.messages.money import came_back, cancellation, payment_failed, refund, too_late
from notifications.messages.my_data import deletion_asked, my_data_ready
from notifications.messages.returns import return_step
from notifications.messages.reviews import review_decided
from notifications.messages.shipments import shipment_sent
from notifications.messages.staff import (
    books_differ,
    came_to_nothing,
    endpoint_failing,
    export_ready,
    statements_made,
    to_staff,
)
from notifications.messages.uploads import uploads_ready

__all__ = [
    "answer",
    "books_differ",
    "came_back",
    "came_to_nothing",
    "cancellation",
    "confirmation",
    "deletion_asked",
    "endpoint_failing",
    "export_ready",
    "late_document",
    "login_link",
    "message_arrived",
    "message_received",
    "my_data_ready",
    "order_found",
    "payment_failed",
    "refund",
    "return_step",
    "review_decided",
    "shipment_sent",
    "statements_made",
    "to_staff",
    "too_late",
    "uploads_ready",
    "welcome",
]
