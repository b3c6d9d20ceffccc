"""Telling people, CRM and analytics. Each is safe to repeat under its key."""

from notifications.services.accounts import (
    count_registration,
    send_login_link,
    send_welcome,
    tell_crm_of_user,
)
from notifications.services.confirmations import (
    resend_confirmation,
    send_confirmation,
    send_late_document,
)
from notifications.services.contact import (
    acknowledge_message,
    count_message,
    send_answer,
    tell_crm_of_message,
    tell_of_message,
)
from notifications.services.crm_and_analytics import count_sale, tell_crm
from notifications.services.finding import send_order_link
from notifications.services.money import (
    send_cancellation,
    send_payment_failed,
    send_refund,
    tell_of_late_money,
    tell_of_return,
)
from notifications.services.my_data import tell_of_deletion, tell_of_my_data
from notifications.services.returns import send_return
from notifications.services.reviews import tell_of_review
from notifications.services.shipments import send_shipment
from notifications.services.sms import send_shipment_sms
from notifications.services.staff import (
    tell_of_difference,
    tell_of_endpoint,
    tell_of_export,
    tell_of_refusal,
    tell_of_statements,
)
from notifications.services.uploads import tell_of_upload

__all__ = [
    "acknowledge_message",
    "count_message",
    "count_registration",
    "count_sale",
    "resend_confirmation",
    "send_answer",
    "send_cancellation",
    "send_confirmation",
    "send_late_document",
    "send_login_link",
    "send_order_link",
    "send_payment_failed",
    "send_refund",
    "send_return",
    "send_shipment",
    "send_shipment_sms",
    "send_welcome",
    "tell_crm",
    "tell_crm_of_message",
    "tell_crm_of_user",
    "tell_of_deletion",
    "tell_of_difference",
    "tell_of_endpoint",
    "tell_of_export",
    "tell_of_late_money",
    "tell_of_message",
    "tell_of_my_data",
    "tell_of_refusal",
    "tell_of_return",
    "tell_of_review",
    "tell_of_statements",
    "tell_of_upload",
]
