"""The end of a product's address, made of its title. Once on sale it stays: links lead to it."""

from collections.abc import Collection

from django.db.models import Q
from django.utils.text import slugify

from shop.models import Product

LONGEST = 60
FIXED = "Its address is known to customers while it is on sale. Take it off sale to change it."


def slug_for(title: str, sku: str, *, but: int | None = None) -> str:
    """One that no other product has. Of a title without Latin letters it is the article number's.

    Two at the same moment may get the same: the table refuses the second.
    """
    wanted = wanted_slug(title, sku)
    others = Product.objects.filter(~Q(pk=but or 0), slug__startswith=wanted[: LONGEST - 8])
    return free_slug(wanted, set(others.values_list("slug", flat=True)))


def wanted_slug(title: str, sku: str) -> str:
    """What it would be if nobody else had it."""
    return slugify(title)[:LONGEST].strip("-_") or slugify(sku)[:LONGEST] or "product"


def free_slug(wanted: str, taken: Collection[str]) -> str:
    """`slow-swell`, or `slow-swell-2` where that is taken."""
    found, number = wanted, 1
    while found in taken:
        number += 1
        end = f"-{number}"
        found = f"{wanted[: LONGEST - len(end)]}{end}"
    return found
