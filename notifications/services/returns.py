"""Telling customers of what they send back. Nothing is sent that is not so any more."""

import structlog

from notifications import messages
from notifications.delivery import deliver
from orders.models import Return
from orders.selectors import order_by_id, return_by_id

log = structlog.get_logger(__name__)

State = Return.State
# That it has arrived is also so when the money was quicker than the mail.
STILL_SO = {State.ARRIVED: {State.ARRIVED, State.REFUNDED}}


def send_return(*, return_id: int, step: str, key: str) -> None:
    """Tell of one step. Nothing when it has gone further, or was withdrawn."""
    found = return_by_id(return_id)
    if found.state not in STILL_SO.get(State(step), {step}):
        log.info("mail_not_sent", key=key, order=found.order.number, reason=f"it is {found.state}")
        return
    order = order_by_id(found.order_id)
    deliver(messages.return_step(order, found, step=step, key=key), order.subject)
