"""What suppliers said of orders that are none of ours is not kept for ever."""

from datetime import timedelta

from django.db.models.functions import Now

from orders.models import ShipmentNotice

# As long as the inbox keeps them: until then a repetition is known as one.
KEPT = timedelta(days=90)


def forget_unknown() -> int:
    """Every night: those that belong to no order, seen to or not. Returns how many. Safe to repeat.

    What was said of an order stays with it: its parcels are made of it.
    """
    old = ShipmentNotice.objects.filter(order=None, received_at__lt=Now() - KEPT)
    return old.delete()[0]
