"""What the shop does about orders: its suppliers, its stock, and payments nobody answered for; and
about products that change: its pages.
"""

from collections.abc import Iterator
from datetime import timedelta

from deferral.handlers import JobSpec, handles, job
from media.events import AssetChanged, AssetReady
from orders.events import (
    OrderCancelled,
    OrderPaid,
    OrderRefunded,
    PartlyRefunded,
    PaymentAtBank,
    PaymentNoticed,
    PaymentUnknown,
    SupplierSilent,
)
from orders.payments.notices import OF_REFUNDS
from orders.selectors import attempt_key, notice_name, reference_of, refund_by_id
from shop import tasks
from shop.events import GoodsTakenBack, ProductChanged, ProductsChanged
from shop.gateway import ASKED
from shop.suppliers import suppliers_of, suppliers_of_refund
from shop.warm.changes import products_showing

# By then everything that was kept has been built anew, marked or not.
POINTLESS = timedelta(minutes=10)

RESERVE = {
    "print_room": tasks.reserve_print_room,
    "warehouse": tasks.reserve_warehouse,
    "box_office": tasks.reserve_box_office,
}
RELEASE = {
    "print_room": tasks.release_print_room,
    "warehouse": tasks.release_warehouse,
    "box_office": tasks.release_box_office,
}


@handles(OrderPaid)
def tell_suppliers(fact: OrderPaid) -> Iterator[JobSpec]:
    """One job for each system that has something of the order; none waits for another."""
    order = reference_of(fact.order_id)
    for supplier in suppliers_of(fact.order_id):
        yield job(
            RESERVE[supplier],
            key=f"reserve_{supplier}:{order}",
            ordering_key=f"{supplier}:{order}",
            order_id=fact.order_id,
        )


@handles(SupplierSilent)
def ask_supplier(fact: SupplierSilent) -> Iterator[JobSpec]:
    """Once for each time that it was silent for too long."""
    key = f"inquire_{fact.supplier}:{reference_of(fact.order_id)}:{fact.tag}"
    yield job(
        tasks.inquire,
        key=key,
        service=ASKED[fact.supplier],
        order_id=fact.order_id,
        supplier=fact.supplier,
    )


@handles(PaymentUnknown)
@handles(PaymentAtBank)
def ask_about_payment(fact: PaymentUnknown | PaymentAtBank) -> Iterator[JobSpec]:
    """Somebody has to find out: one for each attempt, whichever of the two came first."""
    key = f"settle_payment:{attempt_key(fact.attempt_id)}"
    yield job(tasks.settle_payment, key=key, attempt_id=fact.attempt_id)


@handles(PaymentNoticed)
def look_after_payment(fact: PaymentNoticed) -> Iterator[JobSpec]:
    """One look for each notice: a later one may tell of something that the first did not know."""
    key = f"hear_of_payment:{notice_name(fact.notice_id)}"
    went_back = fact.kind in OF_REFUNDS
    yield job(tasks.hear_of_payment, key=key, provider_ref=fact.provider_ref, went_back=went_back)


@handles(OrderCancelled)
@handles(OrderRefunded)
def give_back(fact: OrderCancelled | OrderRefunded) -> Iterator[JobSpec]:
    """Our stock and every supplier's, once, whichever of the two came first."""
    order = reference_of(fact.order_id)
    yield job(tasks.release_stock, key=f"release_stock:{order}", order_id=fact.order_id)
    for supplier in suppliers_of(fact.order_id):
        yield job(
            RELEASE[supplier],
            key=f"release_{supplier}:{order}",
            ordering_key=f"{supplier}:{order}",
            order_id=fact.order_id,
        )


@handles(PartlyRefunded)
def take_goods_back(fact: PartlyRefunded) -> Iterator[JobSpec]:
    """What the refund was for and comes back; not before the money is gone."""
    refund = refund_by_id(fact.refund_id)
    if refund.lines.filter(to_stock=True).exists():
        yield job(tasks.take_back, key=f"take_back:{refund.name}", refund_id=refund.pk)


@handles(GoodsTakenBack)
def tell_suppliers_of_part(fact: GoodsTakenBack) -> Iterator[JobSpec]:
    """Each that has something of it, after its reservation."""
    refund = refund_by_id(fact.refund_id)
    for supplier in suppliers_of_refund(refund):
        yield job(
            RELEASE[supplier],
            key=f"release_{supplier}:{refund.name}",
            ordering_key=f"{supplier}:{refund.payment.order.reference}",
            order_id=fact.order_id,
            refund_id=refund.pk,
        )


@handles(ProductChanged)
def index_product(fact: ProductChanged) -> Iterator[JobSpec]:
    """One job for each version. Of a burst the first does the work, the others end at once.

    A version that is given again, because its product was restored, may find its key taken by the
    job of the first time: then the sweep of each hour indexes it.
    """
    key = f"search:{fact.product_id}:{fact.version}"
    yield job(tasks.index_products, key=key, product_ids=[fact.product_id])


@handles(ProductsChanged)
def index_many(fact: ProductsChanged) -> Iterator[JobSpec]:
    """One job for all of them."""
    yield job(tasks.index_products, key=f"search:{fact.change}", product_ids=list(fact.product_ids))


@handles(ProductChanged)
def make_pages_stale(fact: ProductChanged) -> Iterator[JobSpec]:
    """Once for each version. One that is given again needs it less: what shows another version than
    the product's is not shown.
    """
    key = f"mark_changed:{fact.product_id}:{fact.version}"
    yield job(
        tasks.mark_products_changed, key=key, lifetime=POINTLESS, product_ids=[fact.product_id]
    )


@handles(ProductsChanged)
def make_many_pages_stale(fact: ProductsChanged) -> Iterator[JobSpec]:
    """One job for all that changed together."""
    key = f"mark_changed:{fact.change}"
    yield job(
        tasks.mark_products_changed, key=key, lifetime=POINTLESS, product_ids=fact.product_ids
    )


@handles(AssetReady)
def make_illustrated_page_stale(fact: AssetReady) -> Iterator[JobSpec]:
    """Its product's, where it is the picture or the film of one: now there is something to see."""
    for product_id, tag in products_showing(fact.asset_id):
        yield job(
            tasks.mark_products_changed,
            key=f"mark_illustrated:{tag}",
            lifetime=POINTLESS,
            product_ids=[product_id],
        )


@handles(AssetChanged)
def make_changed_illustration_stale(fact: AssetChanged) -> Iterator[JobSpec]:
    """The same for each change."""
    for product_id, _ in products_showing(fact.asset_id):
        yield job(
            tasks.mark_products_changed,
            key=f"mark_illustrated:{fact.change}",
            lifetime=POINTLESS,
            product_ids=[product_id],
        )
