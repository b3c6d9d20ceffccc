"""The pictures, drawn when asked for and kept by whoever asked."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from shop.art import draw, draw_hero
from shop.models import Product

# A changed drawing has a changed address (Product.art_url), so this may be long.
WEEK = 7 * 86_400


def version(request: HttpRequest, **_: str) -> str:
    """The address names the drawing; so it is its ETag, and costs no query."""
    return f'"{request.GET.get("v", "0")[:8]}"'


@require_safe
@cache_control(public=True, max_age=WEEK)
@condition(etag_func=version)
def picture(_request: HttpRequest, slug: str) -> HttpResponse:
    """A product's picture. The same for ever under the same address."""
    product = get_object_or_404(Product, slug=slug)
    drawing = draw(
        seed=product.art_seed,
        motif=product.art_motif,
        thing=product.art_object,
        title=product.title,
        caption=product.occasion,
    )
    return HttpResponse(drawing, content_type="image/svg+xml")


@require_safe
@cache_control(public=True, max_age=WEEK)
def hero(_request: HttpRequest) -> HttpResponse:
    """The picture beside the greeting."""
    return HttpResponse(draw_hero(), content_type="image/svg+xml")


@require_safe
@cache_control(public=True, max_age=WEEK)
def favicon(_request: HttpRequest) -> HttpResponse:
    """Where browsers look without being told."""
    return HttpResponseRedirect(static("shop/favicon.svg"))
