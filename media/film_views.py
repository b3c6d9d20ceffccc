"""What is made of a film, for a browser: renditions, poster, stills."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from media import reading
from media.addresses import DIGEST
from media.downloads import from_storage, hand_out, private
from media.models import Asset, Variant
from media.models.assets import variant_key
from media.ranges import in_part
from media.verbs import Download
from media.views import LOOKS, YEAR

# Seconds besides its own: players ask the address that they were sent to whenever somebody jumps,
# and a viewer has pauses.
PAUSES = 4 * 3_600
TYPES = {"mp4": "video/mp4", "jpeg": "image/jpeg"}


@require_safe
@from_storage
def film(request: HttpRequest, tag: str, kind: str, named: str, format: str) -> HttpResponseBase:  # noqa: A002 - the word for it
    """One file of a film that may be shown; to staff also of one that nobody has decided about.

    404 for anything else. A bucket hands it out itself; ours is read in parts, as players ask.
    """
    measure, _, digest = named.rpartition("-")
    key = variant_key(tag, kind, measure, format)
    found = Variant.objects.select_related("asset").filter(key=key, forgotten_at=None).first()
    if found is None or found.sha256[:DIGEST] != digest or format not in TYPES:
        raise Http404
    is_public = found.asset.verdict == Asset.Verdict.OK
    if not is_public and not request.user.has_perm(LOOKS):
        raise Http404
    if reading.find(found.wanted).keeper.address(str(found.file.name), as_file(found)):
        return hand_out(found, as_file(found))
    answer = in_part(found, request.headers.get("Range", ""), TYPES[format])
    private(answer)
    if is_public:
        answer["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    answer["Content-Security-Policy"] = "default-src 'none'"
    return answer


def as_file(variant: Variant) -> Download:
    """How a browser is to take it. A film's address is good for as long as somebody watches it."""
    name = f"{variant.kind}-{variant.measure}.{variant.format}"
    lasts = variant.kind == Variant.Kind.RENDITION
    seconds = round(variant.asset.seconds or 0) + PAUSES if lasts else 0
    return Download(filename=name, content_type=TYPES[variant.format], seconds=seconds)
