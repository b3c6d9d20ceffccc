"""What staff decide about a review, with its photos: one transaction, or nothing."""

from collections.abc import Collection

from django.db import transaction
from django.db.models.functions import Now

from audit.keys import entry_key
from audit.services import record
from deferral.errors import NotAllowed
from deferral.events import publish
from media.models import Asset
from media.telling import are_being_made
from media.underway import is_any_underway
from media.uploads.coming import coming
from media.verdicts import judge
from reviews.events import ReviewDecided
from reviews.models import REVIEW_FILM, Review

MEANWHILE = "It was changed, or decided about, since you opened the page: look at it once more."
MADE_MEANWHILE = "A photo or film of it was made since you opened the page: look at it once more."
BEING_MADE = "Its photos or its film are still being made: it can be shown once you can see them."
BEING_SENT = "Its author is sending a film at this moment: it can be shown once you can see that."
WITHDRAWN = "Its author has withdrawn it meanwhile."


@transaction.atomic
def show_review(
    *,
    review_id: int,
    by: str,
    reason: str,
    version: int,
    offered: Collection[str] = (),
    photos: Collection[str] = (),
) -> None:
    """Let everybody see it, and of its photos and film those of these tags.

    Of those that were `offered` nobody sees the others. One that could not be made was offered to
    nobody, and is not decided about. NotAllowed where it is not the one that was looked at any
    more, or has a photo that could not be looked at yet.
    """
    review = _held(review_id, version)
    made = _made(review, offered)
    chosen = made.intersection(photos)
    judge(review.assets().filter(tag__in=made - chosen), Asset.Verdict.REFUSED)
    judge(review.assets().filter(tag__in=chosen), Asset.Verdict.OK)
    _settle(review, Review.State.SHOWN, by=by)


@transaction.atomic
def refuse_review(*, review_id: int, by: str, reason: str, version: int) -> None:
    """Let nobody see it, nor its photos. Its author reads the reason. NotAllowed as above."""
    review = _held(review_id, version)
    judge(review.assets(), Asset.Verdict.REFUSED)
    _settle(review, Review.State.REFUSED, by=by, reason=reason)


def _held(review_id: int, version: int) -> Review:
    """As it is once its author and colleagues are done with it, or NotAllowed."""
    rows = Review.objects.select_related("line__order").select_for_update(of=("self",))
    review = rows.filter(pk=review_id).first()
    if review is None:
        raise NotAllowed(WITHDRAWN)
    if review.version != version:
        raise NotAllowed(MEANWHILE)
    return review


def _made(review: Review, offered: Collection[str]) -> set[str]:
    """Tags of what can be seen of it, all of which was offered; or NotAllowed.

    A film can be seen before it is judged, and its larger sizes are made: it is waited for all.
    """
    if coming(REVIEW_FILM, review.tag):
        raise NotAllowed(BEING_SENT)
    films = review.assets().filter(kind=Asset.Kind.FILM)
    if is_any_underway(review.assets()) or are_being_made(films):
        raise NotAllowed(BEING_MADE)
    made = set(review.to_be_seen().values_list("tag", flat=True))  # after all of them are made
    if not made <= {*offered}:
        raise NotAllowed(MADE_MEANWHILE)
    return made


def _settle(review: Review, state: str, *, by: str, reason: str = "") -> None:
    review.state, review.reason = state, reason
    review.version += 1
    review.decisions += 1
    review.decided_at = Now()
    review.save()
    publish(ReviewDecided(review_id=review.pk, decision=review.decisions), subject=review.subject)
    action, order = f"review_{state}", review.line.order
    record(
        key=entry_key(action, f"{order.reference}:{review.tag}:{review.decisions}"),
        action=action,
        subject=order.subject,
        reference=order.reference,
        actor=by,
        at=Now(),
        detail={"sku": review.line.sku, "stars": review.stars},
    )
