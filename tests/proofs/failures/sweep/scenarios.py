"""Scenarios: what a person does, what goes wrong, and what the world has in the end.

Each passes the crash points it names, and must end as it says also when a process dies there.
"""

from collections.abc import Callable

from django.db.models.functions import Now

from deferral.models import Job
from orders.models import Order
from tests.proofs.failures.sweep.visited_shop import VisitedShop
from tests.rig.running_shop import EFFECTS, is_settled
from tests.shop.at_the_bank import ASKS, answers

Scenario = Callable[[VisitedShop], Order]
# Of each crash point, and of who dies there: `child`, a process that does one thing at a time (web,
# relay and beat too), or `thread`, with it the process and whatever else runs in it.
SCENARIOS: dict[tuple[str, str], Scenario] = {}


def passes(*steps: str, victim: str = "child") -> Callable[[Scenario], Scenario]:
    """Name the crash points that this scenario leads such a process past."""

    def register(scenario: Scenario) -> Scenario:
        deaths = {(step, victim): scenario for step in steps}
        assert not SCENARIOS.keys() & deaths.keys()
        SCENARIOS.update(deaths)
        return scenario

    return register


def passes_in_threads(*steps: str) -> Callable[[Scenario], Scenario]:
    """The same of a thread worker."""
    return passes(*steps, victim="thread")


def without(*effects: tuple[str, str]) -> dict[tuple[str, str], int]:
    """What a paid order owes the world, but for these."""
    return {effect: once for effect, once in EFFECTS.items() if effect not in effects}


@passes_in_threads("service_told", "about_to_mail", "mail_accepted", "audit_announced")
@passes_in_threads("about_to_deliver", "webhook_accepted", "about_to_tell", "settled")
@passes_in_threads("received", "claimed", "body_returned", "effect_written", "done_written")
@passes_in_threads("finished")
@passes("event_locked", "jobs_written", "expanded", "stamped", "sent", "all_sent", "file_stored")
@passes("received", "claimed", "body_returned", "effect_written", "done_written", "finished")
@passes("settled", "result_stored", "last_part_counted", "body_sent")
def bought(shop: VisitedShop) -> Order:
    """Nothing else goes wrong."""
    return shop.whole(shop.order(), EFFECTS)


@passes("order_written", "charge_answered", "paid_written", "outcome_recorded")
def paid_in_the_browser(shop: VisitedShop) -> Order:
    """The customer presses again after the web died: one order, one charge, all the rest."""
    order = shop.buy()
    shop.let_time_pass()
    shop.until(Order.objects.filter(pk=order.pk, state="paid").exists)
    return shop.whole(order, EFFECTS)


@passes("order_placed", "charge_named")
def died_before_the_charge(shop: VisitedShop) -> Order:
    """Pressing again leads to the order, which a worker has paid for a minute later."""
    order = shop.buy()
    shop.let_a_minute_pass()
    return shop.whole(paid(shop, order), EFFECTS)


@passes("bank_written", "back_from_bank")
def asked_by_the_bank(shop: VisitedShop) -> Order:
    """The customer says yes at the bank, and is back before the provider's word of it is read."""
    order = shop.buy(payment_method=ASKS)
    with shop.halted("relay"):
        shop.opens(f"/{answers(order, 'approve')}")
    shop.let_a_minute_pass()
    return shop.whole(paid(shop, order), EFFECTS)


@passes("earlier_called_off", "tried_again")
def another_card_than_the_bank_asks_about(shop: VisitedShop) -> Order:
    """The customer has enough of it, and takes another card: one of the two is charged."""
    order = shop.buy(payment_method=ASKS)
    shop.pays_again(order)
    shop.let_a_minute_pass()
    told_in_time(shop, paid(shop, order))
    return shop.whole(order, EFFECTS)


@passes("failure_written")
def declined_in_the_browser(shop: VisitedShop) -> Order:
    """The bank says no."""
    return given_up(shop, shop.buy(payment_method="pm_card_chargeDeclined"))


@passes("unknown_written")
def unanswered_in_the_browser(shop: VisitedShop) -> Order:
    """The charge is made and its answer is lost on the way."""
    order = shop.buy(payment_method="pm_sandbox_replyLost")
    shop.let_time_pass()
    shop.until(Order.objects.filter(pk=order.pk, state="paid").exists)
    return shop.whole(order, EFFECTS)


@passes("provider_answered")
def unanswered(shop: VisitedShop) -> Order:
    """The same; the provider is asked by a worker."""
    return shop.whole(shop.order(method="pm_sandbox_replyLost", outcome="unknown"), EFFECTS)


@passes("stale_found")
def left_at_the_checkout(shop: VisitedShop) -> Order:
    """Its process died before anything was charged; nobody comes back."""
    return given_up(shop, shop.leave())


def paid(shop: VisitedShop, order: Order) -> Order:
    """Sooner or later."""
    shop.until(Order.objects.filter(pk=order.pk, state="paid").exists)
    return order


def given_up(shop: VisitedShop, order: Order) -> Order:
    """In the end no money moved, the customer knows, and an hour later the stock is back."""
    shop.let_a_minute_pass()
    shop.until(Order.objects.filter(pk=order.pk, state="payment_failed").exists)
    told_in_time(shop, order)
    shop.whole(order, BAD_NEWS)
    shop.let_an_hour_pass(order)
    shop.until(lambda: {kept.state for kept in order.reservations.all()} == {"released"})
    return order


def told_in_time(shop: VisitedShop, order: Order) -> None:
    """The mail about a failed payment waits a minute, for a customer who may take another card."""
    mails = Job.objects.filter(subject=order.subject, task="notifications.send_payment_failed")

    def is_over() -> bool:
        mails.filter(state="pending", sent_at=None).update(next_at=Now())
        return is_settled(order)

    shop.until(is_over)


BAD_NEWS = {("mail", "Your payment for order did not go through"): 1}
