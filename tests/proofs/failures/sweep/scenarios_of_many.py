"""Scenarios in which one job has many others done."""

from datetime import date

from orders.models import Order
from reports.models import StatementRun
from reports.statements.asking import ask_for_month
from reports.statements.months import beginning_of, next_month
from reports.statements.status import status_of
from tests.proofs.failures.sweep.scenarios import passes
from tests.proofs.failures.sweep.visited_shop import VisitedShop
from tests.reports.months import bought
from tests.rig.running_shop import EFFECTS


@passes("parts_written")
def month_was_over(shop: VisitedShop) -> Order:
    """Its statements are begun: each customer has one, and the bookkeeper hears of it."""
    last = StatementRun.objects.order_by("-month").first()
    month = next_month(last.month) if last else date(2020, 1, 1)
    for name in ("ada", "Ada", "bob"):
        bought(beginning_of(month), f"{name}@example.org")
    run = ask_for_month(month, by="eva")
    shop.until(shop.job(f"statements_made:{run.name}:{run.tag}", state="done"))
    assert status_of(run).frozen == 2
    assert not status_of(run).open
    return shop.whole(shop.order(), EFFECTS)
