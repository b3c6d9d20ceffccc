"""A scenario in which one of the staff brings a file of products."""

import io

from orders.models import Order
from shop.imports.keeping import confirm
from shop.imports.receiving import receive
from shop.models import Product, ProductImport
from tests.proofs.failures.sweep.scenarios import passes
from tests.proofs.failures.sweep.visited_shop import VisitedShop
from tests.rig.running_shop import EFFECTS

HEAD = "SKU,Title,Category,Price,Supplier"


@passes("products_written")
def imported(shop: VisitedShop) -> Order:
    """Each line is imported once, while the shop sells."""
    number = ProductImport.objects.count()
    skus = [f"SWEEP-{number}-{n}" for n in range(250)]
    text = "\n".join([HEAD, *(f"{sku},Swept,home,1.50,warehouse" for sku in skus)])
    source = receive(io.BytesIO(text.encode()), name="swept.csv", uploaded_by="ada")
    rows = ProductImport.objects.filter(pk=source.pk)
    shop.until(rows.filter(checked_at__isnull=False).exists)
    confirm(productimport_id=source.pk, by="ada")
    order = shop.order()
    shop.until(rows.filter(done_at__isnull=False).exists)
    assert (rows.get().results or {})["new"] == len(skus)
    assert Product.objects.filter(sku__in=skus).count() == len(skus)
    return shop.whole(order, EFFECTS)
