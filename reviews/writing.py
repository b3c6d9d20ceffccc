"""A review is written, changed and withdrawn by its author. The line of the order is locked
meanwhile: of two tabs the second is told.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.db.models.functions import Now

from audit.keys import entry_key
from audit.models import AuditEntry
from audit.services import record
from media.models import Asset
from media.removing import remove_assets
from media.services import Original, record_asset
from media.uploads.ending import cancel_all
from orders.models import OrderLine
from orders.payments.refunds.sums import back_of
from reviews.errors import AlreadyDecided, ChangedMeanwhile, ReviewNotTaken
from reviews.holding import check_room, locked
from reviews.models import REVIEW_FILM, Review, ReviewFile
from reviews.who_may import hindrance
from shop.models import Product

# Of a line that has no review yet.
NONE_YET = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What its author says. `dropped`: tags of the photos that are to go."""

    stars: int
    words: str
    name: str = ""
    dropped: Collection[str] = ()


@transaction.atomic
def write_review(
    *, line_id: int, said: Said, version: int, photos: Sequence[Original] = ()
) -> Review:
    """Write it, or change it while it waits. `version` is that of the page: NONE_YET for a new one.

    Sent twice, it is written once. ChangedMeanwhile, AlreadyDecided, TooManyPhotos; ReviewNotTaken
    where the line cannot be reviewed. The photos' originals are the caller's to delete then.
    """
    line, found = locked(line_id)
    sums = [photo.filed.sha256 for photo in photos]
    review, is_there = _open(line, found, said=said, version=version, sums=sums)
    if is_there:
        return review
    _put(review, said)
    _drop(review, said.dropped)
    for photo in photos:
        _attach(review, record_asset(photo))
    return review


def is_written(*, line_id: int, said: Said, version: int, sums: Sequence[str]) -> bool:
    """Ask all that `write_review` asks, before its photos are kept; `sums` are their sha256.

    True where all of it is there already. Raises what `write_review` would raise now. Nothing is
    locked: somebody else may still be quicker.
    """
    line = OrderLine.objects.select_related("order").get(pk=line_id)
    found = Review.objects.filter(line=line).first()
    return _open(line, found, said=said, version=version, sums=sums)[1]


@transaction.atomic
def withdraw_review(*, line_id: int) -> None:
    """Nothing of it is left, also where it is shown. Safe to repeat."""
    line, review = locked(line_id)
    if review is None:
        return
    order = line.order
    record(
        key=entry_key("review_withdrawn", f"{order.reference}:{review.tag}"),
        action="review_withdrawn",
        subject=order.subject,
        reference=order.reference,
        actor=AuditEntry.CUSTOMER,
        at=Now(),
        detail={"sku": line.sku},
    )
    remove_assets(review.assets())
    transaction.on_commit(partial(cancel_all, REVIEW_FILM, review.tag))
    review.delete()


def _open(
    line: OrderLine, found: Review | None, *, said: Said, version: int, sums: Collection[str]
) -> tuple[Review, bool]:
    """The review that may be written into, and whether all of it is there already."""
    if found and found.version != version:
        if _is_there(found, said, sums):
            return found, True
        raise ChangedMeanwhile if found.state == Review.State.WAITING else AlreadyDecided
    review = found or _new(line, version)
    if review.state != Review.State.WAITING:
        raise AlreadyDecided
    check_room(review, said.dropped, len(sums))
    return review, False


def _new(line: OrderLine, version: int) -> Review:
    if version != NONE_YET:
        raise ChangedMeanwhile
    product = Product.objects.filter(sku=line.sku).first()
    refused = hindrance(line.order, line, product, back_of(line.order_id))
    if product is None or refused:
        raise ReviewNotTaken(refused)
    return Review(line=line, product=product, version=NONE_YET)


def _put(review: Review, said: Said) -> None:
    review.stars, review.words, review.name = said.stars, said.words, said.name
    review.version += 1
    review.save()


def _drop(review: Review, tags: Collection[str]) -> None:
    remove_assets(review.assets().filter(tag__in=tags))


def _attach(review: Review, asset: Asset) -> ReviewFile:
    return ReviewFile.objects.create(review=review, asset=asset)


def _is_there(review: Review, said: Said, sums: Collection[str]) -> bool:
    """Whether all of this is what it says already: the button was pressed twice."""
    has = dict(review.assets().values_list("tag", "sha256"))
    same = (review.stars, review.words, review.name) == (said.stars, said.words, said.name)
    return same and {*sums} <= {*has.values()} and not has.keys() & {*said.dropped}
