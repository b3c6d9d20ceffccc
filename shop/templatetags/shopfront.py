"""What the templates need: money, pictures, and how full the cart is."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.urls import reverse

from shop import wording
from shop.art import draw_hero, picture_of
from shop.cart import Cart
from shop.footer import FOOTER, FooterLink
from shop.models import Product
from shop.shipping import in_words

register = template.Library()
register.filter("euros", wording.euros)


@register.filter
def numbers(found: Iterable[int]) -> str:
    """`1, 3, 7`, lowest first."""
    return ", ".join(map(str, sorted(found)))


@register.filter
def picture(product: Product) -> str:
    """Where its picture is. Another drawing has another address."""
    return f"{reverse('shop:art', args=[product.slug])}?v={picture_of(product).digest}"


@register.simple_tag
def shipping_note() -> str:
    """What having it sent costs."""
    return in_words()


@register.simple_tag
def hero() -> str:
    """Where the large picture of the first page is."""
    return f"{reverse('shop:hero')}?v={draw_hero().digest}"


@register.simple_tag(takes_context=True)
def cart_count(context: dict[str, Any]) -> int:
    """How many pieces are in the visitor's cart; 0 on a page that is nobody's answer."""
    request = context.get("request")
    return 0 if request is None else Cart(request).count


@register.simple_tag
def footer_links() -> Sequence[FooterLink]:
    """What other apps have at the foot of the page."""
    return list(FOOTER.values())
