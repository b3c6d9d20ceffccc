"""What the admin's templates need of a review."""

from django import template

from reviews.models import Review, ReviewFile
from shop.photos import VARIANTS, Photo, photo_from

register = template.Library()


@register.simple_tag
def photos_for_staff(review: Review) -> list[tuple[ReviewFile, Photo | None]]:
    """Each photo as far as it is made, also those that nobody else sees. Two queries."""
    files = ReviewFile.objects.filter(review=review).select_related("asset")
    return [
        (one, photo_from(one.asset, f"Photo of the review: {one}"))
        for one in files.prefetch_related(VARIANTS)
    ]
