"""A scenario in which one of the staff adds a picture to a product."""

from deferral.models import Job
from orders.models import Order
from shop.gallery import add_picture
from shop.models import Product
from tests.media.drawn import photo
from tests.proofs.failures.sweep.scenarios import passes
from tests.proofs.failures.sweep.visited_shop import VisitedShop
from tests.rig.running_shop import EFFECTS


@passes("variants_stored", "size_made")
def pictured(shop: VisitedShop) -> Order:
    """Each size is there once in each format, and can be read; an order is paid meanwhile."""
    product = Product.objects.earliest("pk")
    asset = add_picture(product_id=product.pk, file=photo(700, 350), name="pier.jpg").asset
    order = shop.order()
    ready = Job.objects.filter(key=f"asset_ready:{asset.tag}", state="done")
    shop.until(ready.exists)
    made = asset.variants.values_list("measure", "width", "height", "format")
    sizes = ((960, 700, 350), (640, 640, 320), (480, 480, 240), (320, 320, 160))
    assert set(made) == {(*size, name) for size in sizes for name in ("jpeg", "webp", "avif")}
    assert all(variant.read() for variant in asset.variants.all())
    return shop.whole(order, EFFECTS)
