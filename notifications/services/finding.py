"""Letting a guest find an order again."""

from deferral.crashpoints import crashpoint
from notifications import messages
from notifications.delivery import deliver_if_taken
from shop.order_links.asking import prepare_mail


def send_order_link(*, link_id: int, key: str) -> None:
    """Make a request's secret and mail it. Repeated, the mail before it is worth nothing."""
    mail = prepare_mail(link_id=link_id)
    if mail is None:
        return
    crashpoint("order_mail_prepared")
    deliver_if_taken(messages.order_found(mail, key=key), mail.subject)
