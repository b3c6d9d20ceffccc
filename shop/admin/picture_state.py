"""A picture of a product on its page in the admin: what is seen of it, and how far its job is."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from deferral.admin.kit.live_progress import LiveProgress, live_progress, soon
from deferral.models import Job
from shop.models import ProductPicture
from shop.photos import Photo, shown

TEMPLATE = "admin/shop/_picture.html"
MAKES = "media.make_picture"


@dataclass(frozen=True, kw_only=True, slots=True)
class PictureState:
    """`live` is None once all of it is made; `failed` says why it is not, for good."""

    picture: ProductPicture
    photo: Photo | None
    live: LiveProgress | None
    failed: str


def state_of(picture: ProductPicture) -> PictureState:
    """As its job says. A job that the relay has yet to write is about to be."""
    job = Job.objects.filter(subject=picture.asset.subject, task=MAKES).first()
    over = job is not None and job.state == Job.State.DONE
    return PictureState(
        picture=picture,
        photo=shown(picture),
        live=None if over else _live(picture, job),
        failed=_why(job) if job and job.state == Job.State.DEAD else "",
    )


def answer(request: HttpRequest, picture: ProductPicture) -> HttpResponse:
    """The picture again. 204 while it would look like version `v`."""
    state = state_of(picture)
    same = state.live is not None and request.GET.get("v", "") == state.live.version
    found = HttpResponse(status=204) if same else render(request, TEMPLATE, {"state": state})
    found["Cache-Control"] = "no-store"
    return found


def _live(picture: ProductPicture, job: Job | None) -> LiveProgress:
    which = [picture.product_id, picture.pk]
    address = reverse("admin:shop_product_picture", args=which)
    return live_progress(job, address=address) if job else soon(picture.pk, address=address)


def _why(job: Job) -> str:
    """In the words of whoever gave it up."""
    return job.cause or "It could not be made."
