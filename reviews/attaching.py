"""What comes to a review by another way than its form, such as its film, and how that goes."""

from django.db import transaction
from django.db.models import QuerySet

from media.models import Asset
from media.removing import remove_assets
from reviews.errors import AlreadyDecided
from reviews.holding import check_room, locked
from reviews.models import Review, ReviewFile


@transaction.atomic
def attach(*, asset: Asset, review_id: int) -> ReviewFile:
    """Add what came by another way than the form, in the caller's transaction if there is one.

    A film takes the place of the one before. Nobody sees it before staff decide. AlreadyDecided,
    also where it was withdrawn; TooManyPhotos.
    """
    review = Review.objects.select_for_update().filter(pk=review_id).first()
    if review is None or review.state != Review.State.WAITING:
        raise AlreadyDecided
    _raise_version(review)
    if asset.kind == Asset.Kind.FILM:
        remove_assets(_films_of(review))
    else:
        check_room(review, (), 1)
    return ReviewFile.objects.create(review=review, asset=asset)


@transaction.atomic
def remove_film(*, line_id: int) -> None:
    """Nothing is left of it, also where it is shown; the review stays. Safe to repeat."""
    _, review = locked(line_id)
    if review is not None and review.film():
        _raise_version(review)
        remove_assets(_films_of(review))


def _films_of(review: Review) -> QuerySet[Asset]:
    return review.assets().filter(kind=Asset.Kind.FILM)


def _raise_version(review: Review) -> None:
    review.version += 1
    review.save(update_fields=["version"])
