"""A review while it is changed: nobody else writes it, or decides about it."""

from collections.abc import Collection

from media.models import Asset
from orders.models import OrderLine
from reviews.errors import TooManyPhotos
from reviews.models import MOST_PHOTOS, Review


def locked(line_id: int) -> tuple[OrderLine, Review | None]:
    """The review of a line as it is then, in the caller's transaction."""
    lines = OrderLine.objects.select_for_update(of=("self",), no_key=True)
    line = lines.select_related("order").get(pk=line_id)
    return line, Review.objects.select_for_update().filter(line=line).first()


def check_room(review: Review, dropped: Collection[str], more: int) -> None:
    """For so many photos besides those that stay. TooManyPhotos."""
    stay = 0
    if review.pk:
        photos = review.files.filter(asset__kind=Asset.Kind.PICTURE)
        stay = photos.exclude(asset__tag__in=dropped).count()
    if stay + more > MOST_PHOTOS:
        raise TooManyPhotos
