"""What this app keeps of a person: what they wrote of what they bought, and its photos.

What everybody reads stays, as words and stars of nobody; its name and its photos go. What nobody
reads goes.
"""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.personal_data import Fate, Person, PersonalData, Rows
from media.models import Asset
from media.removing import remove_assets
from orders.personal import orders_of
from reviews.models import Review, ReviewFile

BATCH = 20
WRITTEN = ("stars", "words", "name", "state", "reason", "written_at")


def reviews_of(person: Person) -> QuerySet[Review]:
    """Of the lines of their orders."""
    return Review.objects.filter(line__order__in=orders_of(person))


def rows(person: Person) -> Mapping[str, Rows]:
    """By the name of the file."""
    return {"reviews": reviews_of(person).values("line__order__number", "line__sku", *WRITTEN)}


def files(person: Person) -> Iterable[tuple[str, bytes]]:
    """The photos, as they came."""
    sent = ReviewFile.objects.filter(review__in=reviews_of(person)).select_related("asset")
    for one in sent.filter(asset__forgotten_at=None).iterator():
        yield f"review-photos/{one.asset.tag}.{one.asset.format}", one.asset.read()


@transaction.atomic
def erase(person: Person) -> int:
    """Of some reviews what names or shows somebody, or all of it."""
    has_files = Exists(ReviewFile.objects.filter(review=OuterRef("pk")))
    left = ~Q(state=Review.State.SHOWN) | ~Q(name="") | has_files
    found = reviews_of(person).filter(left).select_for_update(of=("self",))
    reviews = list(found.order_by("pk")[:BATCH])
    ids = [review.pk for review in reviews]
    remove_assets(Asset.objects.filter(pk__in=_assets(ids)))
    Review.objects.filter(pk__in=ids).exclude(state=Review.State.SHOWN).delete()
    Review.objects.filter(pk__in=ids).update(name="")
    return len(reviews)


def _assets(reviews: list[int]) -> list[int]:
    files_ = ReviewFile.objects.filter(review__in=reviews)
    return list(files_.values_list("asset_id", flat=True))


PERSONAL = PersonalData(
    rows=rows,
    erase=erase,
    files=files,
    fates={
        "reviews.Review.name": Fate.DELETED,
        "reviews.Review.words": Fate.NAMELESS,
        "reviews.Review.reason": Fate.KEPT,
        "media.Asset.name": Fate.DELETED,
        "media.Asset.file": Fate.DELETED,
        "media.Variant.file": Fate.DELETED,
    },
)
