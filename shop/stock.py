"""Our own count of what is left. One conditional UPDATE decides who gets the last one.

Products are always touched in article order, so that two baskets with the same things in them
cannot wait for each other. Only the first row is waited for: see `turns`.
"""

from django.db import transaction
from django.db.models import F

from orders.models import Order
from shop.errors import NotCounted, OutOfStock
from shop.models import Product, Reservation
from shop.turns import wait_less, waiting_for


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
    """Give back what the order holds, once. Returns how many reservations that were."""
    kept = (
        Reservation.objects.filter(order_id=order_id)
        .exclude(state=Reservation.State.RELEASED)
        .select_for_update(of=("self",))
        .order_by("product__sku")
    )
    for reservation in kept:
        counted = Product.objects.filter(pk=reservation.product_id, available__isnull=False)
        counted.update(available=F("available") + reservation.quantity)
        reservation.state = Reservation.State.RELEASED
        reservation.save(update_fields=["state"])
    return len(kept)


def restock(*, product_id: int, pieces: int) -> int:
    """Count so many in, or out when negative, and say how many there are then.

    Whatever is sold at the same moment counts too. OutOfStock when more would be taken than there
    are; NotCounted for what never runs out.
    """
    counted = Product.objects.filter(pk=product_id, available__gte=-pieces)
    changed = counted.update(available=F("available") + pieces)
    product = Product.objects.get(pk=product_id)
    if product.available is None:
        raise NotCounted
    if not changed:
        raise OutOfStock(title=product.title, left=product.available)
    return product.available
