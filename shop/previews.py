"""What others show of a link to us: Open Graph, which messengers read, and Twitter's card.

They take no SVG and no address without a host: the picture is a JPEG or a PNG at an absolute one.
Only what is public: an order's page is shown as the shop.
"""

from dataclasses import dataclass
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

from shop.art import draw_hero, picture_of
from shop.models import Product
from shop.photos import LinkPhoto
from shop.wording import euros


@dataclass(frozen=True, kw_only=True, slots=True)
class Image:
    """`address` is absolute."""

    address: str
    type: str
    words: str


def of_product(product: Product, photo: LinkPhoto | None) -> dict[str, object]:
    """With its price: in the words for whoever shows no more than those, and as a number."""
    price = euros(product.price_cents)
    return {
        "product": product,
        "title": f"{product.title} · {price}",
        "description": " ".join(filter(None, (product.detail, product.description)))[:300],
        "url": absolute(product.get_absolute_url()),
        "amount": f"{product.price_cents // 100}.{product.price_cents % 100:02}",
        "image": _image(product, photo),
    }


def of_the_shop() -> dict[str, object]:
    """The same on every other page; it names no address, which may hold a token."""
    path = f"{reverse('shop:hero_png')}?v={draw_hero().digest}"
    words = "A lighthouse over evening hills"
    return {
        "title": "Halyard · Good things from a small harbour",
        "description": "Prints, pottery, tickets and downloads from a small harbour.",
        "image": Image(address=absolute(path), type="image/png", words=words),
    }


def absolute(path: str) -> str:
    """For whoever has no page of ours before them. A bucket's address is one already."""
    site: str = settings.SITE_URL
    return urljoin(site, path)


def _image(product: Product, photo: LinkPhoto | None) -> Image:
    if photo:
        return Image(address=absolute(photo.address), type="image/jpeg", words=photo.words)
    path = f"{reverse('shop:art_png', args=[product.slug])}?v={picture_of(product).digest}"
    return Image(address=absolute(path), type="image/png", words=f"Drawing: {product.title}")
