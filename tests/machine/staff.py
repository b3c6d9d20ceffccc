"""What staff do, and what they remember of it: the causes of effects."""

from deferral import dead_letters
from deferral.models import Job
from orders import services
from orders.errors import NotAllowed
from orders.models import Order


class Staff:
    """Orders' ids, by what was decided and committed about them."""

    def __init__(self) -> None:
        self.cancelled: set[int] = set()
        self.refunded: set[int] = set()

    def close_order(self, number: int, *, refund: bool) -> None:
        """Call an order off, or give its money back; unless that is not allowed."""
        orders = list(Order.objects.order_by("id"))
        if not orders:
            return
        order = orders[number % len(orders)]
        decide = services.request_refund if refund else services.cancel_order
        try:
            decide(order_id=order.pk, by="eva", reason="asked")
        except NotAllowed:
            return
        (self.refunded if refund else self.cancelled).add(order.pk)

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
