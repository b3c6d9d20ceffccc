"""Reading reviews. Nothing here changes anything."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Avg, Count, Prefetch, QuerySet

from media.models import Asset, Variant
from reviews.models import MOST_STARS, Review, ReviewFile
from shop.photos import Photo, photo_from
from shop.screening import Screening, screening_from

KINDS = (Variant.Kind.PICTURE, Variant.Kind.RENDITION, Variant.Kind.POSTER)
VARIANTS = Prefetch(
    "asset__variants",
    Variant.objects.filter(kind__in=KINDS, forgotten_at=None).order_by("measure"),
)
# With what is made of each.
FILES = ReviewFile.objects.select_related("asset").prefetch_related(VARIANTS)
PUBLIC_FILES = Prefetch("files", FILES.filter(asset__verdict=Asset.Verdict.OK))


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """Of all reviews of a product that are shown."""

    count: int
    average: float

    @property
    def drawn(self) -> str:
        """`★★★★☆`, the nearest."""
        full = round(self.average)
        return "★" * full + "☆" * (MOST_STARS - full)


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A review as the shop shows it, with those of its photos that are made and allowed; its film
    too.
    """

    review: Review
    photos: tuple[Photo, ...]
    film: Screening | None


def summary_of(product_id: int) -> Summary:
    """One query, answered by an index alone: it has no `id`, and rows are not asked for theirs."""
    shown = Review.objects.filter(product=product_id, state=Review.State.SHOWN)
    found = shown.order_by().aggregate(count=Count("*"), average=Avg("stars"))
    return Summary(count=found["count"], average=float(found["average"] or 0))


def shown_of(product_id: int) -> QuerySet[Review]:
    """Those that everybody sees, the latest decided first, with their photos in two queries."""
    shown = Review.objects.filter(product=product_id, state=Review.State.SHOWN)
    return shown.order_by("-decided_at", "-id").prefetch_related(PUBLIC_FILES)


def as_shown(reviews: Iterable[Review]) -> list[Shown]:
    """For a page."""
    return [Shown(review=one, photos=tuple(_photos(one)), film=_film(one)) for one in reviews]


def _photos(review: Review) -> Iterable[Photo]:
    words = f"Photo of the review by {review.author}"
    photos = (one.asset for one in review.files.all() if not one.is_film)
    return filter(None, (photo_from(one, words) for one in photos))


def _film(review: Review) -> Screening | None:
    films = (one.asset for one in review.files.all() if one.is_film)
    return next(map(screening_from, films), None)


def review_of(line_id: int) -> Review | None:
    """What was written about a line, with its photos, in three queries."""
    files = Prefetch("files", ReviewFile.objects.select_related("asset"))
    return Review.objects.filter(line=line_id).prefetch_related(files).first()


def states_of(order_id: int) -> Mapping[int, str]:
    """By line of an order, what became of its review; of most, nothing."""
    written = Review.objects.filter(line__order=order_id).order_by()
    return dict(written.values_list("line_id", "state"))
