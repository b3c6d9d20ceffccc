"""What staff decide about an order: cancelling, refunding, where its mails go."""

from django.http import HttpRequest

from deferral.admin.kit.decisions import Decision
from deferral.slots import Slot
from orders import services
from orders.admin.readdressing import NewAddress
from orders.admin.refunding import AlthoughUsed, HowMuch, may_refund
from orders.models import Order
from orders.payments.refunds import decisions


def may_decide(request: HttpRequest) -> bool:
    """Nobody edits an order: the permission says this."""
    return request.user.has_perm("orders.change_order")


def may_cancel(order: Order) -> bool:
    """By the table of its states."""
    return Order.State.CANCELLED in Order.TRANSITIONS.get(order.state, ())


# Other apps add theirs.
DECISIONS: Slot[Decision] = Slot(
    "the decision",
    cancel=Decision(
        verb="Cancel order",
        may=may_decide,
        allowed=may_cancel,
        service=services.cancel_order,
        consequence="Its stock is given back here and at every supplier, the money goes back, and "
        "the customer and our partner are told.",
        done="is cancelled. What follows is under way below.",
        ask=AlthoughUsed,
    ),
    refund=Decision(
        verb="Refund",
        may=may_decide,
        allowed=may_refund,
        service=decisions.request_refund,
        consequence="The money goes back as soon as the provider has done it, and the customer is "
        "told. Tickets and downloads that are chosen are void from now on; with the last of the "
        "money the order is refunded: all of it is void, its stock is given back, and our partner "
        "is told. Should the provider refuse, nothing has changed.",
        done="will be refunded as soon as the provider has done it.",
        ask=HowMuch,
    ),
    readdress=Decision(
        verb="Correct e-mail",
        may=may_decide,
        allowed=bool,
        service=services.correct_email,
        consequence="Its next mails go to the right address: a dead one when it is replayed, and "
        "the confirmation when it is sent again. What was sent already stays where it is.",
        done="has the right address now. Replay its dead mail, or send the confirmation again.",
        ask=NewAddress,
    ),
)
