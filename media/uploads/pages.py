"""What a page needs to include `media/_upload.html`: a form to send one file from.

context["upload"] = upload_form(request, "product_film", subject=str(product.pk), back=path)
"""

from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from media.large_bodies import MOST_AT_ONCE, with_room
from media.models import Asset, Upload
from media.pictures.opening import in_megabytes
from media.places import BUCKET, current
from media.uploads.ending import UNDER_WAY
from media.uploads.purposes import PURPOSES, sender, ticket
from media.uploads.status import more, said_of

# What a file dialog offers; what is taken is found by the file's first bytes.
ACCEPT = {
    Asset.Kind.PICTURE: "image/jpeg,image/png,image/webp,image/avif",
    Asset.Kind.FILM: "video/mp4,video/quicktime,video/webm,video/x-matroska,.mkv",
}
TAKEN = {
    Asset.Kind.PICTURE: "JPEG, PNG, WebP or AVIF",
    Asset.Kind.FILM: "MP4, QuickTime, WebM or Matroska, at most {minutes} minutes",
}

LOOKED_AT = "It is here, and is being looked at."


@dataclass(frozen=True, kw_only=True, slots=True)
class Begun:
    """One that is not over. `said` is of one that is whole, and waits."""

    name: str
    tag: str
    size: str
    received: str
    said: str


@dataclass(frozen=True, kw_only=True, slots=True)
class UploadForm:
    """`plain` is where a browser without a script sends a file; "" is nowhere. `query` lets its
    visitor in again where a cookie does not.
    """

    ticket: str
    begin: str
    plain: str
    accept: str
    taken: str
    most: int
    most_said: str
    plain_said: str
    unfinished: tuple[Begun, ...]
    last: Upload | None
    last_said: str
    query: str


def upload_form(request: HttpRequest, name: str, *, subject: str, back: str) -> UploadForm:
    """For this person. NotYours for who may not send anything. `back` is the page itself."""
    purpose = PURPOSES[name]
    by = sender(purpose, request, subject)
    theirs = Upload.objects.filter(purpose=name, subject=subject, uploaded_by=by)
    query, minutes = purpose.query(request, subject), purpose.limits.longest // 60
    is_gone = Q(state=Upload.State.DONE, asset=None)
    last = theirs.exclude(is_gone | Q(state__in=(*UNDER_WAY, Upload.State.CANCELLED))).first()
    return UploadForm(
        ticket=ticket(name, subject, back=back),
        begin=reverse("media:uploads") + query,
        plain="" if current() == BUCKET else _plain(query),
        accept=",".join(ACCEPT[kind] for kind in purpose.kinds),
        taken=", or ".join(TAKEN[kind].format(minutes=minutes) for kind in purpose.kinds),
        most=purpose.most,
        most_said=in_megabytes(purpose.most),
        plain_said=in_megabytes(min(purpose.most, MOST_AT_ONCE)),
        unfinished=tuple(map(_begun, theirs.filter(state__in=UNDER_WAY))),
        last=last,
        last_said=said_of(last) if last else "",
        query=query,
    )


def _plain(query: str) -> str:
    return with_room(reverse("media:upload_plain")) + more(query)


def _begun(upload: Upload) -> Begun:
    return Begun(
        name=upload.name,
        tag=upload.tag,
        size=in_megabytes(upload.size),
        received=in_megabytes(upload.received) if upload.received else "",
        said=(said_of(upload) or LOOKED_AT) if upload.state == Upload.State.WHOLE else "",
    )
