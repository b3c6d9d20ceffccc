"""The shop window: everything, one category, a search, one product."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from shop.additions import sections_of
from shop.models import Product
from shop.warm.pages import beside, window


@require_safe
@gzip_page
def home(request: HttpRequest) -> HttpResponse:
    """The catalogue. `category` narrows it; an unknown one is all of them.

    Who comes with `q` has an old link to the search.
    """
    if request.GET.get("q"):
        return redirect(f"{reverse('shop:search')}?{request.GET.urlencode()}")
    category = request.GET.get("category", "")
    if category not in Product.Category.values:
        category = ""
    context = {
        **window(request, category),
        "category": category,
        "category_name": dict(Product.Category.choices).get(category, ""),
        "categories": Product.Category.choices,
        "section": category if category in {"ticket", "download"} else "goods",
    }
    return render(request, "shop/home.html", context)


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
