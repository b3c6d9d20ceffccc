"""The pictures, drawn when asked for and kept by whoever asked."""

import re

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.templatetags.static import static
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from shop.art import Picture, draw_hero, picture_of
from shop.art.png import png_of
from shop.models import Product

HOUR, YEAR = 3_600, 31_536_000
PREVIEW = 800  # pixels; previews of links ask for 600 and more
DIGEST = re.compile(r"[0-9a-f]{12}\Z")


def version(request: HttpRequest, **_: str) -> str | None:
    """The address names the drawing's content, so a 304 for the current one costs no query.

    Only what can be a digest: the rest of what others write is no header.
    """
    named = DIGEST.match(request.GET.get("v", ""))
    return f'"{named[0]}"' if named else None


@require_safe
@condition(etag_func=version)
def picture(request: HttpRequest, slug: str) -> HttpResponse:
    """A product's picture."""
    return sent(request, picture_of(get_object_or_404(Product, slug=slug)))


@require_safe
@condition(etag_func=version)
def hero(request: HttpRequest) -> HttpResponse:
    """The picture beside the greeting."""
    return sent(request, draw_hero())


@require_safe
@condition(etag_func=version)
def picture_png(request: HttpRequest, slug: str) -> HttpResponse:
    """The same for whoever shows no SVG: the preview of a link."""
    drawn = picture_of(get_object_or_404(Product, slug=slug, on_sale=True))
    return kept(request, drawn, HttpResponse(png_of(drawn.svg, width=PREVIEW), "image/png"))


@require_safe
@condition(etag_func=version)
def hero_png(request: HttpRequest) -> HttpResponse:
    """The same of the shop."""
    drawn = draw_hero()
    return kept(request, drawn, HttpResponse(png_of(drawn.svg, width=PREVIEW), "image/png"))


def sent(request: HttpRequest, drawn: Picture) -> HttpResponse:
    """Packed where that is understood."""
    packs = "gzip" in request.headers.get("Accept-Encoding", "")
    answer = HttpResponse(drawn.packed if packs else drawn.svg, content_type="image/svg+xml")
    if packs:
        answer["Content-Encoding"] = "gzip"
    patch_vary_headers(answer, ["Accept-Encoding"])
    return kept(request, drawn, answer)


def kept(request: HttpRequest, drawn: Picture, answer: HttpResponse) -> HttpResponse:
    """Kept for ever only under the address of this content."""
    answer["ETag"] = f'"{drawn.digest}"'
    is_current = request.GET.get("v") == drawn.digest
    answer["Cache-Control"] = (
        f"public, max-age={YEAR}, immutable" if is_current else f"public, max-age={HOUR}"
    )
    return answer


@require_safe
@cache_control(public=True, max_age=HOUR)
def favicon(_request: HttpRequest) -> HttpResponse:
    """Where browsers look without being told."""
    return HttpResponseRedirect(static("shop/favicon.svg"))
