"""A scenario in which one of the staff wants a file of many orders."""

from django.contrib.auth import get_user_model

from orders.models import Order
from reports.models import Export
from tests.proofs.failures.sweep.scenarios import passes
from tests.proofs.failures.sweep.visited_shop import VisitedShop
from tests.reports.exports.exporting import ask, somebody, table, whole
from tests.rig.running_shop import EFFECTS

CLERK = "clerk@halyard.example"


@passes("whole_written", "part_forgotten")
def exported(shop: VisitedShop) -> Order:
    """Every order until then is in the file once; one that is placed meanwhile is not."""
    shop.whole(shop.order(), EFFECTS)
    there = list(Order.objects.order_by("pk").values_list("number", flat=True))
    get_user_model().objects.filter(email=CLERK).delete()
    export = ask(somebody("orders.view_order", email=CLERK), columns=["number"])
    later = shop.order()
    shop.until(Export.objects.filter(pk=export.pk, ready_at__isnull=False).exists)
    assert table(whole(export)) == [["Order"], *([number] for number in there)]
    return shop.whole(later, EFFECTS)
