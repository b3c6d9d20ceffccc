"""Scenarios in which the database closes a connection in the middle of a job.

A child has one, and its job's lock with it. A thread has one for each statement, and the job's lock
stays with its process.
"""

from django.db import transaction

from deferral.models import Job
from orders.models import Order
from tests.proofs.failures.sweep.scenarios import passes, passes_in_threads
from tests.proofs.failures.sweep.scenarios_inside import slow_crm
from tests.proofs.failures.sweep.visited_shop import VisitedShop
from tests.rig.running_shop import EFFECTS


@passes("snooze_written", "given_back")
def hung_up_on_a_child(shop: VisitedShop) -> Order:
    """While it asks the payment provider, which had nothing to say at first."""
    order, _ = shop.charged()
    asks = Job.objects.filter(subject=order.subject, task="shop.settle_payment")
    shop.sandbox.fault("payment", mode="503")
    shop.let_a_minute_pass()
    shop.until(asks.filter(state="pending", snoozes__gte=1).exists)
    shop.sandbox.fault("payment", mode="slow")
    shop.hurry(order)
    shop.until(asks.filter(state="running").exists)
    shop.end_session_of(asks.get())
    shop.sandbox.fault("payment", mode="ok")
    shop.until(lambda: shop.crashes() > 0)  # another has long done it
    shop.until(Order.objects.filter(pk=order.pk, state="paid").exists)
    return shop.whole(order, EFFECTS)


@passes_in_threads("given_back")
def hung_up_on_a_thread(shop: VisitedShop) -> Order:
    """While it writes down that its job is done, and waits for somebody who holds the row."""
    order, job = slow_crm(shop)
    with transaction.atomic():
        Job.objects.select_for_update().get(pk=job.pk)
        shop.sandbox.fault("crm", mode="ok")
        shop.until(shop.hangs_up_on_who_waits)
    return shop.whole(order, EFFECTS)
