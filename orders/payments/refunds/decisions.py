"""Money that shall go back: each decision is a row, carried out by a job, settled by the provider.

The order's row lock serialises everything here: never is more decided than was captured. What
became of a decision is written by `recording`.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from deferral.errors import NotAllowed
from deferral.events import publish
from deferral.ledger import dead_letters
from deferral.models import Job
from orders.events import RefundRequested
from orders.models import Order, PaymentAttempt, Refund, Return
from orders.payments.refunds.choosing import Chosen, check_lines, check_used, record_lines
from orders.payments.refunds.sums import back_of
from orders.pieces import Piece
from orders.selectors import captured_payment, discarded_refunds, spoken_for

NOTHING_LEFT = "All the money of this order has gone back, or is on its way."
QUICKER = "Meanwhile another refund of this order was decided. Look at it, then decide again."


@transaction.atomic
def request_refund(
    *,
    order_id: int,
    by: str,
    reason: str,
    cents: int | None = None,
    seen: int | None = None,
    lines: Sequence[Chosen] = (),
    although_used: bool = False,
) -> Order:
    """Decide that money goes back: `cents` of it, or all that is left. NotAllowed.

    `lines` say what for, and are void from now on; with all the money all of them are. Money for
    tickets that were used goes back `although_used` alone.

    `seen` is what had been decided before, in cents, as the person who decides saw it. When it is
    more by now, somebody else was quicker, and nothing is decided: two who refund at once refund
    once.
    """
    order, payment = _paid_order(order_id)
    _check(payment, cents, seen)
    check_lines(order, lines)
    if not although_used:
        check_used(order_id, among=_touched(payment, cents, lines))
    decide(order, payment, by=by, reason=reason, cents=cents, lines=lines)
    return order


def _paid_order(order_id: int) -> tuple[Order, PaymentAttempt]:
    """With its row locked, and what was captured of it. NotAllowed."""
    order = Order.objects.select_for_update().get(pk=order_id)
    if order.state != Order.State.PAYMENT_FAILED:
        order.check_move(Order.State.REFUNDED)
    payment = captured_payment(order_id)
    if payment is None:
        raise NotAllowed("No money of this order was ever captured.")
    return order, payment


def _touched(
    payment: PaymentAttempt, cents: int | None, lines: Sequence[Chosen]
) -> set[Piece] | None:
    """The pieces that are void after this decision. None: all of the order's."""
    if cents in {None, payment.amount_cents - spoken_for(payment)}:
        return None
    return {(one.line_id, piece) for one in lines for piece in one.pieces}


def decide(
    order: Order,
    payment: PaymentAttempt,
    *,
    by: str,
    reason: str,
    cents: int | None = None,
    lines: Sequence[Chosen] = (),
    closes: bool = True,
    of_return: Return | None = None,
) -> Refund | None:
    """The row and its event, in the transaction that locks the order. None: nothing is left.

    Where a refund came to nothing before, this is decided in its place; its dead letter is let go.
    All of an order's money closes it, unless this is not the payment that paid it (`closes`). The
    last of it for a return gives up what came back alone: it closes only what nothing is left of.
    """
    left = payment.amount_cents - spoken_for(payment)
    cents = left if cents is None else cents
    if not cents:
        return None
    _let_go_of_refused(payment, of_return, by=by, reason=reason)
    refund = Refund.objects.create(
        payment=payment, amount_cents=cents, by=by, reason=reason, **_named_after(of_return)
    )
    record_lines(refund, lines)
    if closes and cents == left and not order.is_closing and back_of(order.pk).is_all:
        order.closed_by, order.closed_reason = by, reason
        order.save(update_fields=["closed_by", "closed_reason"])
    publish(RefundRequested(order_id=order.pk, refund_id=refund.pk), subject=order.subject)
    return refund


def _named_after(found: Return | None) -> dict[str, Any]:
    """The first refund of a return has its name: in its job's key, and at the provider.

    Another in its place has one of its own: the provider would say the same again under the first.
    """
    if found is None:
        return {}
    names: dict[str, Any] = {"of_return": found}
    return names if found.refunds.exists() else names | {"tag": found.tag}


def keep_given_up(among: QuerySet[Refund] | None = None) -> None:
    """Every night, before the ledger's own rows leave: what staff gave up stays given up.

    Of all refunds, or of these.
    """
    given_up = discarded_refunds(Refund.objects.all() if among is None else among)
    asked = Refund.objects.filter(pk__in=[one.pk for one in given_up], state=Refund.State.REQUESTED)
    asked.update(state=Refund.State.GIVEN_UP, settled_at=datetime.now(UTC))


def _check(payment: PaymentAttempt, cents: int | None, seen: int | None) -> None:
    before = spoken_for(payment)
    if seen is not None and seen != before:
        raise NotAllowed(QUICKER)
    left = payment.amount_cents - before
    if left <= 0:
        raise NotAllowed(NOTHING_LEFT)
    if cents is not None and not 0 < cents <= left:
        msg = f"Between 1 and {left} cents can go back."
        raise NotAllowed(msg)


def _let_go_of_refused(
    payment: PaymentAttempt, found: Return | None, *, by: str, reason: str
) -> None:
    """Their dead letters would wait for ever: what came to nothing is never tried again.

    Of the same return alone, or of none: what another came to is somebody's to decide still.
    """
    undone = payment.refunds.filter(state__in=Refund.UNDONE, of_return=found)
    keys = [one.key for one in undone]
    dead = Job.objects.filter(key__in=keys, state=Job.State.DEAD).values_list("pk", flat=True)
    dead_letters.discard_jobs(dead, by=by, reason=f"Decided anew: {reason}")
