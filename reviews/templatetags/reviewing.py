"""What the admin's templates need of a review."""

from django import template

from media.models import Upload
from media.uploads.coming import coming
from reviews.models import REVIEW_FILM, Review, ReviewFile
from reviews.selectors import FILES
from shop.photos import Photo, photo_from
from shop.screening import Screening, screening_from

register = template.Library()
Seen = tuple[ReviewFile, Photo | None, Screening | None]


@register.simple_tag
def files_for_staff(review: Review) -> list[Seen]:
    """Each photo, and the film, as far as it is made; also what nobody else sees. Two queries."""
    return [_seen(one) for one in FILES.filter(review=review)]


def _seen(file: ReviewFile) -> Seen:
    if file.is_film:
        return file, None, screening_from(file.asset)
    return file, photo_from(file.asset, f"Photo of the review: {file}"), None


@register.simple_tag
def film_on_its_way(review: Review) -> Upload | None:
    """What its author is sending."""
    return coming(REVIEW_FILM, review.tag)
