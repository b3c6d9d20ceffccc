"""A scenario in which one of the staff wants a file of many orders."""

from orders.models import Order
from reports.models import Export
from tests.proofs.failures.sweep.scenarios import passes
from tests.proofs.failures.sweep.visited_shop import VisitedShop
from tests.reports.exports.exporting import ask, somebody, table, whole
from tests.rig.running_shop import EFFECTS


@passes("whole_written", "part_forgotten")
def exported(shop: VisitedShop) -> Order:
    """Every order until then is in the file once; one that is placed meanwhile is not."""
    shop.whole(shop.order(), EFFECTS)
    there = list(Order.objects.order_by("pk").values_list("number", flat=True))
    clerk = somebody("orders.view_order", email=f"clerk{len(there)}@halyard.example")
    export = ask(clerk, columns=["number"])  # by another: within a minute it would be the same
    later = shop.order()
    shop.until(Export.objects.filter(pk=export.pk, ready_at__isnull=False).exists)
    assert table(whole(export)) == [["Order"], *([number] for number in there)]
    return shop.whole(later, EFFECTS)
