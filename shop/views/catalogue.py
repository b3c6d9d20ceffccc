"""The shop window: everything, one category, a search, one product."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from shop.additions import sections_of
from shop.models import Product
from shop.warm.pages import beside, window

# Nobody looks further; each page further down costs a look at all before it.
LAST_PAGE = 2_500


@require_safe
@gzip_page
def home(request: HttpRequest) -> HttpResponse:
    """The catalogue, so many on a page. `category` narrows it; an unknown one is all of them, and a
    page that is not there is the first.

    Who comes with `q` has an old link to the search.
    """
    if request.GET.get("q"):
        return redirect(f"{reverse('shop:search')}?{request.GET.urlencode()}")
    category = request.GET.get("category", "")
    if category not in Product.Category.values:
        category = ""
    page = _page(request)
    found = window(request, category, page)
    if page > 1 and not found["products"]:
        page, found = 1, window(request, category, 1)
    context = {
        **found,
        "page": page,
        "before": _address(category, page - 1),
        "after": _address(category, page + 1) if found["is_more"] else "",
        "category": category,
        "category_name": dict(Product.Category.choices).get(category, ""),
        "categories": Product.Category.choices,
        "section": category if category in {"ticket", "download"} else "goods",
    }
    return render(request, "shop/home.html", context)


def _page(request: HttpRequest) -> int:
    """The first, where no number of one is said."""
    try:
        return max(1, min(int(request.GET.get("page", "1")[:9]), LAST_PAGE))
    except ValueError:
        return 1


def _address(category: str, page: int) -> str:
    """Of a page; "" before the first. The shortest there is: the first says no number."""
    said = {name: value for name, value in (("category", category), ("page", page)) if value}
    if page == 1:
        del said["page"]
    query = f"?{urlencode(said)}" if said else ""
    return f"{reverse('shop:home')}{query}#shop" if page else ""


@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """One product. One that is no longer sold is not there."""
    found = get_object_or_404(Product, slug=slug, on_sale=True)
    context = {
        "product": found,
        **beside(request, found),
        "section": found.section,
        "sections": sections_of(found),
    }
    return render(request, "shop/product.html", context)
