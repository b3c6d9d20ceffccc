"""A scenario in which somebody sends a film."""

from pathlib import Path
from tempfile import TemporaryDirectory

from deferral.models import Job
from orders.models import Order
from tests.media.films.filming import GREY, facts_in, film, received
from tests.proofs.failures.sweep.scenarios import passes
from tests.proofs.failures.sweep.visited_shop import VisitedShop
from tests.rig.running_shop import EFFECTS


@passes("poster_stored", "still_stored", "film_encoded")
def filmed(shop: VisitedShop) -> Order:
    """Everything of it is there once, and whole; an order is paid meanwhile."""
    shop.ready()
    with TemporaryDirectory() as folder:
        asset = received(film(Path(folder), picture=GREY))
    order = shop.order()
    shop.until(Job.objects.filter(key=f"asset_ready:{asset.tag}", state="done").exists)
    made = asset.variants.order_by("kind", "measure")
    assert list(made.values_list("kind", "measure", "width", "height")) == [
        ("poster", 720, 320, 180),
        ("rendition", 480, 320, 180),
        ("still", 0, 320, 180),
        ("still", 1, 320, 180),
    ]
    assert round(facts_in(asset.variants.get(kind="rendition").read()).seconds) == 2
    asset.refresh_from_db()
    assert asset.verdict == asset.Verdict.OK
    return shop.whole(order, EFFECTS)
