"""The search: a page of what is found, and what is proposed while somebody types."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from shop.models import Product
from shop.photos import with_first
from shop.search.filters import Filters
from shop.search.finding import Found, find
from shop.search.wanted import Wanted, clean, words_of

# So many are proposed, the best of so many that are found, from so many letters on.
PROPOSED, AMONG, FEWEST = 6, 200, 2
# Where nothing is found, so many of the shop's first products.
CONSOLATION = 4


@require_safe
@gzip_page
def search(request: HttpRequest) -> HttpResponse:
    """What `q` finds, narrowed and put in order. 503 where it takes too long."""
    form = Filters(request.GET)
    wanted = form.wanted(request.GET.get("q", ""))
    found = find(wanted)
    products = shown(found)
    context: dict[str, Any] = {
        "form": form,
        "wanted": wanted,
        "text": wanted.text,
        "found": found,
        "products": products,
        "pages": _pages(form, wanted, found),
        "everything": _address(wanted.text),
        "categories": Product.Category.choices,
        "others": [] if products else list(_on_sale()[:CONSOLATION]),
    }
    return render(request, "shop/search.html", context)


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """A few of what would be found, as a piece of a page. Empty where there is nothing to say."""
    text = clean(request.GET.get("q", ""))
    found = Found()
    if len("".join(words_of(text))) >= FEWEST:
        found = find(Wanted(text=text), size=PROPOSED, most=AMONG)
    products = Product.objects.filter(on_sale=True).in_bulk(found.ids)
    context = {
        "text": text,
        "found": found,
        "products": [products[pk] for pk in found.ids if pk in products],
        "all": _address(text),
    }
    return render(request, "shop/_suggestions.html", context)


def _on_sale() -> Any:
    return with_first(Product.objects.filter(on_sale=True))


def shown(found: Found) -> list[Product]:
    """In their order. What was taken off sale a moment ago is not there any more."""
    products = {product.pk: product for product in _on_sale().filter(pk__in=found.ids)}
    return [products[pk] for pk in found.ids if pk in products]


def _address(text: str, **more: Any) -> str:
    return f"{reverse('shop:search')}?{urlencode({'q': text, **more})}"


def _pages(form: Filters, wanted: Wanted, found: Found) -> dict[str, str]:
    """The addresses of the page before and of the page after, where there are any."""
    places = {"before": found.page - 1, "after": found.page + 1}
    return {
        name: _address(wanted.text, **form.chosen(), page=place)
        for name, place in places.items()
        if 1 <= place <= found.pages
    }
