"""The film of a review: who may send it, how much of one is taken, and what becomes of it."""

from django.http import Http404, HttpRequest

from media.limits import MEGABYTE
from media.models import Asset
from media.uploads.errors import SubjectGone
from media.uploads.purposes import Limits, purpose
from reviews.attaching import attach as attach_file
from reviews.errors import ReviewNotTaken
from reviews.models import REVIEW_FILM, Review
from shop.access import Visit, visit

# A telephone writes some 130 MB a minute. How many one customer begins in a day, whatever becomes
# of them: each may take a worker some minutes.
LIMITS = Limits(most=500 * MEGABYTE, longest=180, a_day=10, is_shed=True)


def visit_of(request: HttpRequest, subject: str) -> Visit | None:
    """The order in which it was bought what the review is about, if its visitor may see that."""
    found = Review.objects.filter(tag=subject).values_list("line__order__number", flat=True)
    try:
        return next((visit(request, number) for number in found), None)
    except Http404:
        return None


def may_send(request: HttpRequest, subject: str) -> bool:
    """Whoever may change the review, as long as that is so."""
    waiting = Review.objects.filter(tag=subject, state=Review.State.WAITING)
    return waiting.exists() and visit_of(request, subject) is not None


def author(request: HttpRequest, subject: str) -> str:
    """Their address: what becomes of it is told there. Empty: somebody else."""
    mine = visit_of(request, subject)
    return mine.order.email if mine else ""


def lets_in(request: HttpRequest, subject: str) -> str:
    """What an address of theirs needs besides."""
    mine = visit_of(request, subject)
    return mine.query if mine else ""


@purpose(REVIEW_FILM, may=may_send, by=author, query=lets_in, limits=LIMITS)
def attach(asset: Asset, *, subject: str) -> None:
    """It is the review's film, in the place of any before. SubjectGone."""
    found = Review.objects.filter(tag=subject).values_list("pk", flat=True).first()
    try:
        attach_file(asset=asset, review_id=found or 0)
    except ReviewNotTaken as error:
        raise SubjectGone(str(error)) from error
