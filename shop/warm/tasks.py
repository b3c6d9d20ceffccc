"""What the workers do to keep the shop window warm. Limits in seconds."""

from deferral.policies import BRIEF
from deferral.tasks import deferred_task
from deferral.warm import rebuilding
from shop.warm import changes


@deferred_task(name="shop.rebuild_value", queue="background", retry=BRIEF, time_limit=20)
def rebuild_value(*, name: str, of: str, replaces: float) -> None:
    """Build a stale value anew, unless somebody has since. Safe to repeat."""
    rebuilding.rebuild(name=name, of=of, replaces=replaces)


@deferred_task(name="shop.mark_products_changed", queue="background", retry=BRIEF, time_limit=20)
def mark_products_changed(*, product_ids: list[int]) -> None:
    """What is kept of these products, and every shelf, is stale from now on. Safe to repeat."""
    changes.mark_changed(product_ids=product_ids)


@deferred_task(
    name="shop.warm_up", queue="background", retry=BRIEF, time_limit=30, schedulable=True
)
def warm_up() -> None:
    """Every minute: shelves are built anew before they are stale. Safe to repeat."""
    rebuilding.warm_up()
