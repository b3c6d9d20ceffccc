"""Our own count of what is left. One conditional UPDATE decides who gets the last one.

Products are always touched in article order, so that two baskets with the same things in them
cannot wait for each other. Only the first row is waited for: see `turns`.
"""

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from deferral.events import publish
from orders.models import Order, Refund, RefundLine
from orders.payments.refunds.sums import kept_by_customer
from shop.errors import NotCounted, OutOfStock, TooMany
from shop.events import GoodsTakenBack
from shop.models import MOST_IN_STOCK, Product, Reservation
from shop.turns import wait_less, waiting_for

# So long is the stock of an order kept that could not be paid because the provider was away.
# Longer than any breaker stays open: who comes back when told finds it.
HELD_FOR = timedelta(minutes=15)


def reserve(*, order: Order) -> None:
    """Take what the order needs, in the transaction that records it. OutOfStock and TooBusy roll
    both back.
    """
    wanted = {line.sku: line.quantity for line in order.lines.all()}
    products = list(Product.objects.filter(sku__in=wanted).order_by("sku"))
    gone = wanted.keys() - {product.sku for product in products}
    if gone:
        raise OutOfStock(title=order.lines.get(sku=min(gone)).title, left=0)
    for place, product in enumerate(products):
        if place == 1:  # whoever has a row already makes no crowd of its own while another is held
            wait_less()
        with waiting_for(product.sku):
            take(product, wanted[product.sku])
    Reservation.objects.bulk_create(
        Reservation(
            order=order,
            product=product,
            sku=product.sku,
            supplier=product.supplier,
            quantity=wanted[product.sku],
        )
        for product in products
    )


def take(product: Product, quantity: int) -> None:
    """Count down, unless that would go below nothing. What never runs out is not locked at all."""
    if product.available is None:
        return
    enough = Product.objects.filter(pk=product.pk, available__gte=quantity)
    if not enough.update(available=F("available") - quantity):
        left = Product.objects.values_list("available", flat=True).get(pk=product.pk)
        raise OutOfStock(title=product.title, left=left or 0)


def commit(*, order_id: int) -> None:
    """The order is paid for: what it holds is sold. Safe to repeat."""
    held = Reservation.objects.filter(order_id=order_id, state=Reservation.State.HELD)
    held.update(state=Reservation.State.COMMITTED)


@transaction.atomic
def release(*, order_id: int) -> int:
    """Give back what the order still holds, once. Returns how many reservations that were.

    Not what refunds of a part have given back, or have left with the customer.
    """
    away = kept_by_customer(order_id)
    kept = (
        Reservation.objects.filter(order_id=order_id)
        .exclude(state=Reservation.State.RELEASED)
        .select_for_update(of=("self",))
        .select_related("product")
        .order_by("product__sku")
    )
    for reservation in kept:
        counted = Product.objects.filter(pk=reservation.product_id, available__isnull=False)
        counted.update(available=F("available") + left_of(reservation, away))
        reservation.state = Reservation.State.RELEASED
        reservation.save(update_fields=["state"])
    return len(kept)


def left_of(reservation: Reservation, away: Mapping[str, int]) -> int:
    """How many of it go back with the rest of the order; `away` are those that never do."""
    gone = reservation.returned + away.get(reservation.number, 0)
    return max(0, reservation.quantity - gone)


def take_back(*, refund_id: int) -> None:
    """Sell again what a refund of a part was for, and announce it, in the caller's transaction.

    Safe to repeat. Nothing when the whole order was called off or refunded meanwhile, under the
    lock of whoever decides that: all that it still holds goes back then, with this.
    """
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    order = Order.objects.select_for_update(no_key=True).get(pk=refund.payment.order_id)
    if order.state != Order.State.PAID:
        return
    lines = refund.lines.filter(to_stock=True).select_related("line").order_by("line__sku")
    taken = [_take_line_back(order, one) for one in lines]
    if any(taken):
        publish(GoodsTakenBack(order_id=order.pk, refund_id=refund.pk), subject=order.subject)


def _take_line_back(order: Order, one: RefundLine) -> bool:
    """False when it was done before."""
    held = Reservation.objects.filter(order=order).select_related("product")
    open_yet = held.exclude(returned_for__contains=[one.refund_id])
    reservation = next((each for each in open_yet if each.number == one.line.sku), None)
    if reservation is None:
        return False
    reservation.returned += one.quantity
    reservation.returned_for.append(one.refund_id)
    reservation.save(update_fields=["returned", "returned_for"])
    counted = Product.objects.filter(pk=reservation.product_id, available__isnull=False)
    counted.update(available=F("available") + one.quantity)
    return True


def restock(*, product_id: int, pieces: int) -> int:
    """Count so many in, or out when negative, and say how many there are then.

    Whatever is sold at the same moment counts too. OutOfStock when more would be taken than there
    are, TooMany when there would be more than we count; NotCounted for what never runs out.
    """
    counted = Product.objects.filter(pk=product_id, available__gte=-pieces)
    if pieces > 0:
        counted = counted.filter(available__lte=MOST_IN_STOCK - pieces)
    changed = counted.update(available=F("available") + pieces)
    product = Product.objects.get(pk=product_id)
    if product.available is None:
        raise NotCounted
    if not changed and pieces > 0:
        msg = f"Of {product.title} there would be more than {MOST_IN_STOCK:,}."
        raise TooMany(msg)
    if not changed:
        raise OutOfStock(title=product.title, left=product.available)
    return product.available
