"""What the workers do for the shop. Limits in seconds."""

from deferral.policies import PATIENT, PROMPT
from deferral.tasks import current_job, deferred_task
from orders.payments.provider.gateway import PROVIDER
from orders.payments.refunds.watching import hear_of_refunds
from shop import comparing_books, settlement, stock, suppliers
from shop.gateway import BOX_OFFICE, PRINT_ROOM, WAREHOUSE
from shop.imports.checking import check
from shop.imports.importing import import_products as products_imported
from shop.imports.keeping import forget_old_imports
from shop.order_links.asking import forget_order_links as forget_links
from shop.search.indexing import bring_up
from shop.search.repairing import repair
from shop.warm.tasks import mark_products_changed as mark_products_changed
from shop.warm.tasks import rebuild_value as rebuild_value
from shop.warm.tasks import warm_up as warm_up


@deferred_task(
    name="shop.reserve_print_room",
    queue="partners",
    retry=PATIENT,
    time_limit=30,
    step="Print room",
    service=PRINT_ROOM,
)
def reserve_print_room(*, order_id: int) -> None:
    """Order the prints. Exactly once where the print room honours our key."""
    suppliers.reserve(supplier="print_room", order_id=order_id, key=current_job().key)


@deferred_task(
    name="shop.reserve_warehouse",
    queue="partners",
    retry=PATIENT,
    time_limit=30,
    step="Warehouse",
    service=WAREHOUSE,
)
def reserve_warehouse(*, order_id: int) -> None:
    """Have the goods set aside. Exactly once where the warehouse honours our key."""
    suppliers.reserve(supplier="warehouse", order_id=order_id, key=current_job().key)


@deferred_task(
    name="shop.reserve_box_office",
    queue="partners",
    retry=PATIENT,
    time_limit=30,
    step="Box office",
    service=BOX_OFFICE,
)
def reserve_box_office(*, order_id: int) -> None:
    """Have the seats entered. Exactly once where the box office honours our key."""
    suppliers.reserve(supplier="box_office", order_id=order_id, key=current_job().key)


@deferred_task(
    name="shop.release_print_room",
    queue="partners",
    retry=PATIENT,
    time_limit=30,
    service=PRINT_ROOM,
)
def release_print_room(*, order_id: int, refund_id: int | None = None) -> None:
    """Call the prints off. Never before its reservation: they share an ordering key."""
    key = current_job().key
    suppliers.release(supplier="print_room", order_id=order_id, refund_id=refund_id, key=key)


@deferred_task(
    name="shop.release_warehouse",
    queue="partners",
    retry=PATIENT,
    time_limit=30,
    service=WAREHOUSE,
)
def release_warehouse(*, order_id: int, refund_id: int | None = None) -> None:
    """Have the goods put back. Never before its reservation: they share an ordering key."""
    key = current_job().key
    suppliers.release(supplier="warehouse", order_id=order_id, refund_id=refund_id, key=key)


@deferred_task(
    name="shop.release_box_office",
    queue="partners",
    retry=PATIENT,
    time_limit=30,
    service=BOX_OFFICE,
)
def release_box_office(*, order_id: int, refund_id: int | None = None) -> None:
    """Have the seats given back. Never before its reservation: they share an ordering key."""
    key = current_job().key
    suppliers.release(supplier="box_office", order_id=order_id, refund_id=refund_id, key=key)


@deferred_task(name="shop.inquire", queue="partners", retry=PATIENT, time_limit=30)
def inquire(*, order_id: int, supplier: str) -> None:
    """Ask a supplier that says nothing how its part of an order stands. Safe to repeat."""
    suppliers.inquire(supplier=supplier, order_id=order_id, key=current_job().key)


@deferred_task(name="shop.release_stock", queue="critical", retry=PROMPT, time_limit=30)
def release_stock(*, order_id: int) -> None:
    """Give our own stock back. Exactly once: it commits together with `done`."""
    with current_job().finishing():
        stock.release(order_id=order_id)


@deferred_task(name="shop.take_back", queue="critical", retry=PROMPT, time_limit=30)
def take_back(*, refund_id: int) -> None:
    """Sell again what a refund of a part was for. Exactly once: it commits together with `done`."""
    with current_job().finishing():
        stock.take_back(refund_id=refund_id)


@deferred_task(
    name="shop.settle_payment",
    queue="critical",
    retry=PROMPT,
    time_limit=60,
    service=PROVIDER,
)
def settle_payment(*, attempt_id: int) -> None:
    """Find out whether a card was charged, and push on what stands still. Safe to repeat."""
    settlement.settle_payment(attempt_id=attempt_id)


@deferred_task(
    name="shop.hear_of_payment",
    queue="critical",
    retry=PROMPT,
    time_limit=60,
    service=PROVIDER,
)
def hear_of_payment(*, provider_ref: str, went_back: bool) -> None:
    """The provider says that something happened: ask what. Safe to repeat."""
    settlement.hear_of_payment(provider_ref=provider_ref)
    if went_back:
        hear_of_refunds(provider_ref=provider_ref)


@deferred_task(
    name="shop.settle_stale_payments",
    queue="critical",
    retry=PROMPT,
    time_limit=30,
    schedulable=True,
)
def settle_stale_payments() -> None:
    """Every minute: attempts that nobody settled are asked about. Safe to repeat."""
    settlement.settle_stale_payments()


@deferred_task(
    name="shop.compare_books",
    queue="bulk",
    retry=PATIENT,
    time_limit=600,
    service=PROVIDER,
    schedulable=True,
)
def compare_books() -> None:
    """Every night: our books beside the provider's. Safe to repeat."""
    comparing_books.compare_books()


@deferred_task(name="shop.check_import", queue="bulk", retry=PROMPT, time_limit=120, long=True)
def check_import(*, import_id: int) -> None:
    """Say what a file of products would do, and change nothing. Safe to repeat."""
    check(import_id=import_id)


@deferred_task(name="shop.import_products", queue="bulk", retry=PROMPT, time_limit=120, long=True)
def import_products(*, import_id: int) -> None:
    """Write the products of a file that somebody confirmed. Each line once."""
    products_imported(import_id=import_id)


@deferred_task(
    name="shop.forget_imports", queue="bulk", retry=PROMPT, time_limit=600, schedulable=True
)
def forget_imports() -> None:
    """Delete files of products that were kept long enough. Safe to repeat."""
    forget_old_imports()


@deferred_task(
    name="shop.forget_order_links",
    queue="bulk",
    retry=PROMPT,
    time_limit=600,
    schedulable=True,
)
def forget_order_links() -> None:
    """Every night. Safe to repeat: what is gone is gone."""
    forget_links()


@deferred_task(name="shop.index_products", queue="background", retry=PROMPT, time_limit=30)
def index_products(*, product_ids: list[int]) -> None:
    """Have these found by what they are now. Safe to repeat: what is not behind stays as it is."""
    bring_up(product_ids)


@deferred_task(
    name="shop.sweep_search", queue="background", retry=PROMPT, time_limit=30, schedulable=True
)
def sweep_search() -> None:
    """Every hour: index what was missed, a thousand at a time. Safe to repeat."""
    with current_job().finishing():
        repair()
