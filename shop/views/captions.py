"""The words of a product's film, as a browser's player reads them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from media.downloads import private
from media.models import Asset
from media.views import LOOKS, for_everybody
from shop.models import ProductFilm


@require_safe
def captions(request: HttpRequest, tag: str, digest: str) -> HttpResponseBase:
    """WebVTT of a film that may be shown; to staff also of one that nobody has decided about.

    404 for anything else.
    """
    film = get_object_or_404(ProductFilm.objects.select_related("asset"), asset__tag=tag)
    if not film.captions or film.captions_digest != digest:
        raise Http404
    is_public = film.asset.verdict == Asset.Verdict.OK
    if not is_public and not request.user.has_perm(LOOKS):
        raise Http404
    answer = HttpResponse(film.captions, content_type="text/vtt; charset=utf-8")
    return for_everybody(answer) if is_public else private(answer)
