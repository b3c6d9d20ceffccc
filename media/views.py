"""Pictures for everybody, kept by whoever asked."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import condition, require_safe

from media.addresses import DIGEST
from media.downloads import from_storage, private
from media.models import Asset, Variant
from media.models.assets import variant_key

YEAR = 31_536_000
# Whoever may look at what nobody has decided about.
LOOKS = "media.view_asset"


def version(_request: HttpRequest, named: str, **_: str) -> str | None:
    """The address names the content: a 304 costs no query."""
    digest = named.rpartition("-")[2]
    return f'"{digest}"' if len(digest) == DIGEST and digest.isalnum() else None


@require_safe
@condition(etag_func=version)
@from_storage
def picture(request: HttpRequest, tag: str, named: str, format: str) -> HttpResponseBase:  # noqa: A002 - the word for it
    """One variant of a picture that may be shown. 404 for anything else."""
    measure, _, digest = named.rpartition("-")
    key = variant_key(tag, Variant.Kind.PICTURE, measure, format)
    found = Variant.objects.select_related("asset").filter(key=key, forgotten_at=None).first()
    if found is None or found.sha256[:DIGEST] != digest:
        raise Http404
    is_public = found.asset.verdict == Asset.Verdict.OK
    if not is_public and not request.user.has_perm(LOOKS):
        raise Http404
    answer = HttpResponse(found.read(), content_type=f"image/{found.format}")
    return for_everybody(answer) if is_public else private(answer)


def for_everybody(answer: HttpResponse) -> HttpResponse:
    """For ever, as what it is; opened by itself it may load nothing and run nothing."""
    answer["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'"
    return answer
