"""What the templates need: money, and how full the cart is."""

from typing import Any

from django import template

from shop import wording
from shop.cart import Cart

register = template.Library()
register.filter("euros", wording.euros)


@register.simple_tag(takes_context=True)
def cart_count(context: dict[str, Any]) -> int:
    """How many pieces are in the visitor's cart; 0 on a page without a session."""
    session = getattr(context.get("request"), "session", None)
    return 0 if session is None else Cart(session).count
