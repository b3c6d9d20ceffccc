"""The pictures that a line names: which of them its product has, and which are to be added.

A picture is known by its bytes: one that is there is not added again, whatever it is called now.
None is ever taken away.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from media.originals import Keep
from media.services import Original, tidy_name
from shop.gallery import attach_picture
from shop.imports.archive import MISSING, Archive, Came
from shop.imports.columns import LABELS, PICTURES
from shop.imports.errors import NoPicture, PictureMissing
from shop.imports.outcomes import Complaint, Judged, Outcome
from shop.imports.picture_names import as_listed, listed
from shop.imports.table import Row
from shop.models import MOST_PICTURES, ProductPicture

TOO_MANY = f"It would have {{count}} pictures. A product has {MOST_PICTURES} at most."
NAMED = f"It names {{count:,}} pictures. A product has {MOST_PICTURES} at most."
# By product and bytes.
Originals = Mapping[tuple[str, str], Original]


@dataclass(slots=True)
class Has:
    """The pictures of a product: what their bytes are, what they are called, how many there are.

    People may give it the same picture twice, by two names: it takes two places.
    """

    sums: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    count: int = 0


def judge_pictures(found: Sequence[Judged], rows: Sequence[Row], archive: Archive | None) -> None:
    """Write down of each line which pictures are new to its product, and what is wrong with them.

    One query, if any of them names one.
    """
    named = [listed(row.cells.get(PICTURES, "")) for row in rows]
    if not any(named):
        return
    has = _kept(one.product.pk for one in found if one.product and one.product.pk)
    for one, names in zip(found, named, strict=True):
        if one.product is not None:
            kept = has[one.product.pk] if one.product.pk else Has()
            one.complaints.extend(_judge(one, names, kept, archive))


def _kept(product_ids: Iterator[int]) -> defaultdict[int | None, Has]:
    pictures = ProductPicture.objects.filter(product__in=list(product_ids))
    found = defaultdict[int | None, Has](Has)
    for owner, sha256, name in pictures.values_list("product", "asset__sha256", "asset__name"):
        found[owner].sums.add(sha256)
        found[owner].names.add(as_listed(name))
        found[owner].count += 1
    return found


def _judge(
    one: Judged, names: list[str], kept: Has, archive: Archive | None
) -> Iterator[Complaint]:
    """One of each name at most; of more names than a product may have, one and no look."""
    if len(names) > MOST_PICTURES:
        yield complaint_of_pictures(NAMED.format(count=len(names)))
        return
    come: dict[str, Came] = {}
    for name in names:
        try:
            found = _new(name, kept, archive)
        except NoPicture as error:
            yield complaint_of_pictures(f"{name[:80]}: {error}")
            continue
        if found is not None:
            come.setdefault(found.sha256, found)
    count = kept.count + len(come)
    if come and count > MOST_PICTURES:
        yield complaint_of_pictures(TOO_MANY.format(count=count))
    one.pictures = list(come.values())


def _new(name: str, kept: Has, archive: Archive | None) -> Came | None:
    """The picture of that name; None of one that the product has. NoPicture.

    What did not come along is known by its name: a list is brought again without its pictures.
    """
    try:
        found = _find(name, archive)
    except PictureMissing:
        if as_listed(tidy_name(name)) not in kept.names:
            raise
        return None
    return None if found.sha256 in kept.sums else found


def _find(name: str, archive: Archive | None) -> Came:
    if archive is None:
        raise PictureMissing(MISSING)
    return archive.find(name)


def complaint_of_pictures(said: str) -> Complaint:
    """Of that column."""
    return Complaint(column=LABELS[PICTURES], said=said)


def keep_originals(found: Sequence[Judged], archive: Archive, keep: Keep) -> Originals:
    """Those that are to be added, in storage by `keep`. Retry, ServiceAway."""
    return {
        (one.sku, came.sha256): keep(archive.read(came), name=came.name)
        for one in found
        if one.outcome != Outcome.REFUSED
        for came in one.pictures
    }


def attach(one: Judged, originals: Originals) -> None:
    """Put its pictures behind those of its product, in the caller's transaction. NoRoom,
    PictureGone: somebody has changed the product since the line was judged.

    What was not put into storage is not added: somebody has taken that picture away meanwhile.
    `pictures` are afterwards those that were added.
    """
    is_written = one.product is not None and one.outcome != Outcome.REFUSED
    one.pictures = [
        came for came in one.pictures if is_written and (one.sku, came.sha256) in originals
    ]
    for came in one.pictures:
        original = originals[one.sku, came.sha256]
        attach_picture(original, product_id=one.product.pk)  # type: ignore[union-attr]
