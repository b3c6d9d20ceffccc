"""The import, a long job: each line is judged again and written, so many in one transaction.

What has changed since the dry run counts as it is now: a line that cannot be sold any more is left
out, and one that says what is kept already changes nothing.
"""

from collections.abc import Sequence
from functools import partial, reduce
from operator import or_

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from audit.keys import entry_key
from audit.services import record
from deferral.crashpoints import crashpoint
from deferral.long_jobs import Step, step
from deferral.tasks import finishing
from media.originals import Keep, named_or_deleted
from shop.errors import NoRoom, PictureGone
from shop.imports.archive import Archive, archive_of
from shop.imports.checking import added, nothing
from shop.imports.outcomes import Judged, Outcome
from shop.imports.pictures import Originals, attach, complaint_of_pictures, keep_originals
from shop.imports.reading import Seen, chunks, judge, seen_in
from shop.imports.table import Row, Table, table_of
from shop.models import Product, ProductImport, announced_together
from shop.products.slugs import free_slug, wanted_slug

# Their rows stay locked for as long as they are written, some 50 ms: a checkout waits for no more.
CHUNK = 100
# With pictures: each takes ten statements.
FEW = 5


def import_products(*, import_id: int) -> None:
    """Write what was confirmed. Killed at any moment, each line is imported once.

    Withdrawn meanwhile, it ends behind the chunk under way, and what was written stays.
    """
    source = ProductImport.objects.get(pk=import_id)
    if source.withdrawn_at or not source.confirmed_at:
        return
    table = table_of(source.read())
    with archive_of(source) as archive:
        work = partial(_import, source, table, seen_in(table), archive)
        results = step("import", work, total=len(table.rows), unit="lines")
    if results is None:
        return
    with finishing():
        ProductImport.objects.filter(pk=source.pk).update(results=results, done_at=Now())
        write_down(source, "products_imported", results)


def write_down(source: ProductImport, action: str, detail: dict[str, int]) -> None:
    """In the audit log: whose decision it was, of which file."""
    record(
        key=entry_key(action, source.tag),
        action=action,
        subject=source.subject,
        reference=source.tag,
        actor=source.confirmed_by,
        at=Now(),
        detail={"file": source.name, "sha256": source.sha256, **detail},
    )


def _import(
    source: ProductImport, table: Table, seen: Seen, archive: Archive | None, current: Step
) -> dict[str, int] | None:
    """Counts by outcome; None where it is withdrawn: its job may not have been there to cancel."""
    at = current.cursor or {"rows": 0, "counts": nothing()}
    for rows in chunks(table.rows, after=at["rows"], size=FEW if archive else CHUNK):
        with named_or_deleted() as keep:
            originals = _originals(rows, seen, archive, keep) if archive else {}
            with announced_together():
                if _is_withdrawn(source):
                    return None
                found = _write(rows, seen, archive, originals)
                at = {"rows": at["rows"] + len(rows), "counts": added(at["counts"], found)}
                current.checkpoint(at, done=at["rows"])
                crashpoint("products_written")
    return dict(at["counts"])


def _is_withdrawn(source: ProductImport) -> bool:
    """With its row locked: nobody withdraws it meanwhile."""
    row = ProductImport.objects.select_for_update(no_key=True).get(pk=source.pk)
    return row.withdrawn_at is not None


def _originals(rows: Sequence[Row], seen: Seen, archive: Archive, keep: Keep) -> Originals:
    """The pictures that these lines add, put into storage before anything is locked."""
    found = judge(rows, seen, among=Product.objects.all(), archive=archive)
    return keep_originals(found, archive, keep)


def _write(
    rows: Sequence[Row], seen: Seen, archive: Archive | None, originals: Originals
) -> list[Judged]:
    """Judged, and then those that differ once more, with their rows locked in article order."""
    look = partial(judge, rows, seen, among=Product.objects.all(), archive=archive)
    found = look()
    if any(one.outcome == Outcome.CHANGED for one in found):
        differing = [one.sku for one in found if one.outcome == Outcome.CHANGED]
        locked = Product.objects.filter(sku__in=differing).order_by("sku")
        list(locked.select_for_update(no_key=True))
        found = look()
    _create([one for one in found if one.outcome == Outcome.NEW], seen)
    for one in found:
        _write_line(one, originals)
    return found


def _write_line(one: Judged, originals: Originals) -> None:
    """Its cells and its pictures, or neither."""
    try:
        with transaction.atomic(savepoint=bool(one.pictures)):
            if one.outcome == Outcome.CHANGED and one.product is not None:
                one.product.save(update_fields=one.changed)
            attach(one, originals)
    except (NoRoom, PictureGone) as error:
        one.complaints.append(complaint_of_pictures(str(error)))


def _create(found: list[Judged], seen: Seen) -> None:
    made = [one.product for one in found if one.product is not None]
    wanted = {wanted_slug(product.title, product.sku)[:52] for product in made if not product.slug}
    alike = reduce(or_, (Q(slug__startswith=start) for start in wanted), Q(pk__in=[]))
    taken = {*seen.slugs, *Product.objects.filter(alike).values_list("slug", flat=True)}
    for product in made:
        if not product.slug:
            product.slug = free_slug(wanted_slug(product.title, product.sku), taken)
            taken.add(product.slug)
    Product.objects.bulk_create(made)
