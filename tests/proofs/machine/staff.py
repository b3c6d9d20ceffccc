"""What staff do, and what they remember of it: the causes of effects."""

from deferral.errors import NotAllowed
from deferral.ledger import dead_letters
from deferral.models import Job
from orders import services
from orders.models import Order, Refund
from orders.payments.refunds import decisions


class Staff:
    """Orders' ids, by what was decided and committed about them; of parts, each one's cents."""

    def __init__(self) -> None:
        self.cancelled: set[int] = set()
        self.refunded: set[int] = set()
        self.parts: set[tuple[int, int]] = set()

    def close_order(self, number: int, *, refund: bool) -> None:
        """Call an order off, or give its money back; unless that is not allowed."""
        orders = list(Order.objects.order_by("id"))
        if not orders:
            return
        order = orders[number % len(orders)]
        decide = decisions.request_refund if refund else services.cancel_order
        try:
            decide(order_id=order.pk, by="eva", reason="asked")
        except NotAllowed:
            return
        (self.refunded if refund else self.cancelled).add(order.pk)

    def give_part_back(self, number: int) -> None:
        """Some cents of an order; another sum each time, so that a service can tell them apart."""
        orders = list(Order.objects.order_by("id"))
        if not orders:
            return
        order = orders[number % len(orders)]
        cents = 1 + Refund.objects.filter(payment__order=order).count()
        try:
            decisions.request_refund(order_id=order.pk, by="eva", reason="a scratch", cents=cents)
        except NotAllowed:
            return
        self.parts.add((order.pk, cents))

    def decide_anew(self) -> None:
        """About each refund that was refused, and whose dead letter says so."""
        for refund in Refund.objects.filter(state="refused").select_related("payment"):
            dead = Job.objects.filter(key=refund.key, state="dead").values_list("pk", flat=True)
            if not dead:
                continue
            order, cents = refund.payment.order_id, refund.amount_cents
            try:
                decisions.request_refund(order_id=order, by="eva", reason="again", cents=cents)
            except NotAllowed:
                dead_letters.discard_jobs(dead, by="eva", reason="decided otherwise since")

    def see_to_dead_letter(self, number: int, *, discard: bool) -> None:
        """Replay it, or give it up."""
        dead = list(Job.objects.filter(state="dead").order_by("id").values_list("pk", flat=True))
        if not dead:
            return
        chosen = [dead[number % len(dead)]]
        if discard:
            dead_letters.discard_jobs(chosen, by="eva", reason="not worth it")
        else:
            dead_letters.replay_jobs(chosen, by="eva")
