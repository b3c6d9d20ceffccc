"""What was set aside for a customer who comes back with another order: given up for that one."""

from uuid import UUID

from django.db import transaction

from orders.payments import beginning
from orders.payments.provider.settlements import Settlement
from orders.selectors import held_order
from shop.checkout import record_outcome


@transaction.atomic
def give_up(*, checkout_key: UUID) -> bool:
    """Whether the order of this key, held until now, is certainly never paid, and its stock free.

    Paying it and this exclude each other. Not for one that was tried before: it is being paid again
    at this moment.
    """
    held = held_order(checkout_key=checkout_key)
    attempts = list(held.payments.all()) if held else []
    if len(attempts) != 1 or not beginning.give_up(attempt_id=attempts[0].pk):
        return False
    record_outcome(attempt_id=attempts[0].pk, settlement=ORDERED_OTHERWISE)
    return True


ORDERED_OTHERWISE = Settlement(
    outcome="failed", reason="It was set aside, and then something else was ordered in its place."
)
