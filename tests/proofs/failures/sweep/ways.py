"""The ways of an order: what a person does, what goes wrong, and what the world has in the end.

Each passes the crash points it names, and must end as it says also when a process dies there.
"""

from collections.abc import Callable

from orders.models import Order
from tests.proofs.failures.sweep.street import Street
from tests.rig.running_shop import EFFECTS
from tests.shop.at_the_bank import ASKS, answers

Way = Callable[[Street], Order]
WAYS: dict[str, Way] = {}


def passes(*steps: str) -> Callable[[Way], Way]:
    """Name the crash points that this way leads past."""

    def register(way: Way) -> Way:
        assert not WAYS.keys() & set(steps)
        WAYS.update(dict.fromkeys(steps, way))
        return way

    return register


def without(*effects: tuple[str, str]) -> dict[tuple[str, str], int]:
    """What a paid order owes the world, but for these."""
    return {effect: once for effect, once in EFFECTS.items() if effect not in effects}


@passes("event_locked", "jobs_written", "expanded", "stamped", "sent", "all_sent")
@passes("received", "claimed", "body_returned", "effect_written", "done_written", "finished")
@passes("settled", "result_stored", "last_part_counted", "body_sent", "about_to_tell")
@passes("stranger_told", "about_to_mail", "mail_accepted", "document_stored", "audit_announced")
@passes("about_to_deliver", "webhook_accepted")
def bought(street: Street) -> Order:
    """Nothing else goes wrong."""
    return street.whole(street.order(), EFFECTS)


@passes("order_written", "charge_answered", "paid_written", "outcome_recorded")
def paid_in_the_browser(street: Street) -> Order:
    """The customer presses again after the web died: one order, one charge, all the rest."""
    order = street.buy()
    street.let_time_pass()
    street.until(Order.objects.filter(pk=order.pk, state="paid").exists)
    return street.whole(order, EFFECTS)


@passes("order_placed", "charge_named")
def died_before_the_charge(street: Street) -> Order:
    """Pressing again leads to the order, which a worker has paid for a minute later."""
    order = street.buy()
    street.let_a_minute_pass()
    return street.whole(paid(street, order), EFFECTS)


@passes("bank_written", "back_from_bank")
def asked_by_the_bank(street: Street) -> Order:
    """The customer says yes at the bank, and comes back."""
    order = street.buy(payment_method=ASKS)
    back = answers(order, "approve")
    street.opens(f"/{back}")
    street.let_a_minute_pass()
    return street.whole(paid(street, order), EFFECTS)


@passes("earlier_called_off", "tried_again")
def another_card_than_the_bank_asks_about(street: Street) -> Order:
    """The customer has enough of it, and takes another card: one of the two is charged."""
    order = street.buy(payment_method=ASKS)
    street.pays_again(order)
    street.let_a_minute_pass()
    return street.whole(paid(street, order), EFFECTS)


@passes("failure_written")
def declined_in_the_browser(street: Street) -> Order:
    """The bank says no."""
    return given_up(street, street.buy(payment_method="pm_card_chargeDeclined"))


@passes("unknown_written")
def unanswered_in_the_browser(street: Street) -> Order:
    """The charge is made and its answer is lost on the way."""
    order = street.buy(payment_method="pm_sandbox_replyLost")
    street.let_time_pass()
    street.until(Order.objects.filter(pk=order.pk, state="paid").exists)
    return street.whole(order, EFFECTS)


@passes("provider_answered")
def unanswered(street: Street) -> Order:
    """The same; the provider is asked by a worker."""
    return street.whole(street.order(method="pm_sandbox_replyLost", outcome="unknown"), EFFECTS)


@passes("stale_found")
def left_at_the_till(street: Street) -> Order:
    """Its process died before anything was charged; nobody comes back."""
    return given_up(street, street.leave())


def paid(street: Street, order: Order) -> Order:
    """Sooner or later."""
    street.until(Order.objects.filter(pk=order.pk, state="paid").exists)
    return order


def given_up(street: Street, order: Order) -> Order:
    """In the end no money moved, the customer knows, and an hour later the stock is back."""
    street.let_a_minute_pass()
    street.until(Order.objects.filter(pk=order.pk, state="payment_failed").exists)
    street.whole(order, BAD_NEWS)
    street.let_an_hour_pass(order)
    street.until(lambda: {kept.state for kept in order.reservations.all()} == {"released"})
    return order


BAD_NEWS = {("mail", "Your payment for order did not go through"): 1}
