"""A scenario in which one of the staff sends a film of a product, in parts."""

from http.client import HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory

from media.models import Upload
from media.uploads.purposes import ticket
from orders.models import Order
from shop.film_uploads import PRODUCT_FILM
from shop.models import Product, ProductFilm
from tests.deferral.staff import sitting
from tests.media.films.filming import GREY, film
from tests.media.uploads.lines import Sender
from tests.proofs.failures.sweep.scenarios import passes
from tests.proofs.failures.sweep.visited_shop import VisitedShop
from tests.rig.running_shop import EFFECTS

# A box that players pass over: so it has two parts.
PADDED = 5_000_000


@passes("part_written", "upload_filed", "upload_recorded")
def sent(shop: VisitedShop) -> Order:
    """Whatever is killed, the film that was sent is the product's, once and whole."""
    shop.ready()
    product = Product.objects.earliest("pk")
    with TemporaryDirectory() as folder:
        whole = film(Path(folder), picture=GREY).read_bytes()
    whole += PADDED.to_bytes(4, "big") + b"free" + bytes(PADDED - 8)
    sender = Sender(shop.address, sitting(superuser=True), whole)
    sender.begin(ticket(PRODUCT_FILM, str(product.pk), back="/admin/"))
    while sender.state["state"] == "open":
        try:
            sender.send_part()
        except (OSError, HTTPException):  # the web has died
            shop.ready()
            sender.look()
    order = shop.order()
    upload = Upload.objects.latest("pk")
    shop.until(Upload.objects.filter(pk=upload.pk, state="done").exists)
    upload.refresh_from_db()
    asset = ProductFilm.objects.get(product=product).asset
    assert (asset.pk, asset.read()) == (upload.asset_id, whole)
    return shop.whole(order, EFFECTS)
