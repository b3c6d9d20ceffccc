"""The film of a customer's review, on a page of its own: nothing that is typed is lost."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from media.films.looking import refusal_of
from media.models import Asset
from media.telling import WORTH_SEEING, are_being_made
from media.underway import is_any_underway
from media.uploads.pages import UploadForm, upload_form
from orders.models import OrderLine
from reviews.attaching import remove_film
from reviews.models import REVIEW_FILM, Review
from reviews.views import address_of, seen_by
from shop.access import visit

TO_COME = "It is being made. That takes some minutes, and this page may be closed: we write to you."
WAITS = "It is made, and waits with your review until somebody of us has looked at it."
IS_SHOWN = "Everybody can watch it with your review."
IS_HIDDEN = "It is not shown."
NOT_MADE = "Nothing could be made of it. Send it again, or another one."


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def film(request: HttpRequest, number: str, line_id: int) -> HttpResponse:
    """Sent and taken away while the review waits; later only taken away."""
    mine = visit(request, number)
    line = get_object_or_404(OrderLine, pk=line_id, order=mine.order)
    here = reverse("reviews:film", args=[number, line.pk]) + mine.query
    if request.method == "POST":
        remove_film(line_id=line.pk)
        return redirect(here)
    review = Review.objects.filter(line=line).first()
    if review is None:
        return redirect(address_of(mine, line) + mine.query)
    sent = review.film()
    context = seen_by(mine, line) | {
        "review": review,
        "review_page": address_of(mine, line),
        "film": sent,
        "status": status_of(review, sent) if sent else "",
        "upload": _form(request, review, here),
    }
    return render(request, "reviews/film.html", context)


def _form(request: HttpRequest, review: Review, here: str) -> UploadForm | None:
    """None once the review is decided about."""
    if review.state != Review.State.WAITING:
        return None
    return upload_form(request, REVIEW_FILM, subject=review.tag, back=here)


def status_of(review: Review, sent: Asset) -> str:
    """What becomes of it, in a sentence for whoever has sent it."""
    itself = Asset.objects.filter(pk=sent.pk)
    if refusal := refusal_of(sent):
        return f"We cannot take it. {refusal}"
    if is_any_underway(itself) or are_being_made(itself):
        return TO_COME
    if not sent.variants.filter(kind__in=WORTH_SEEING, forgotten_at=None).exists():
        return NOT_MADE
    if review.state == Review.State.WAITING:
        return WAITS
    is_public = review.state == Review.State.SHOWN and sent.verdict == Asset.Verdict.OK
    return IS_SHOWN if is_public else IS_HIDDEN
