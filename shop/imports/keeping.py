"""What becomes of a file: confirmed or withdrawn by a person, deleted a week after it came."""

from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Concat
from django.utils import timezone

from deferral.enqueueing import enqueue
from deferral.errors import NotAllowed
from deferral.ledger.control import cancel_job
from deferral.models import Job
from shop.imports.importing import write_down
from shop.models import ImportArchive, ProductImport

log = structlog.get_logger(__name__)

KEPT = timedelta(days=7)
LIVE = (Job.State.PENDING, Job.State.RUNNING, Job.State.PAUSED)


def is_open(source: ProductImport) -> bool:
    """Whether nobody has decided about it."""
    return not (source.withdrawn_at or source.confirmed_at or source.forgotten_at)


def can_be_confirmed(source: ProductImport) -> bool:
    """Whether it was looked at, and would change something."""
    found = source.findings or {}
    return is_open(source) and bool(found.get("new", 0) + found.get("changed", 0))


def can_be_withdrawn(source: ProductImport) -> bool:
    """Whether anything is still to come of it."""
    return not (source.withdrawn_at or source.done_at or source.forgotten_at)


@transaction.atomic
def confirm(*, productimport_id: int, by: str) -> None:
    """Have it imported, and write down whose decision that was. NotAllowed."""
    source = _locked(productimport_id)
    if not can_be_confirmed(source):
        msg = "It cannot be imported: look at it again."
        raise NotAllowed(msg)
    source.confirmed_by, source.confirmed_at = by, timezone.now()
    source.save(update_fields=["confirmed_by", "confirmed_at"])
    enqueue(
        "shop.import_products", key=source.import_key, subject=source.subject, import_id=source.pk
    )
    write_down(source, "products_import_confirmed", source.findings or {})


@transaction.atomic
def withdraw(*, productimport_id: int, by: str, reason: str) -> None:
    """Nothing more comes of it. Lines that are written already stay. NotAllowed."""
    source = _locked(productimport_id)
    if not can_be_withdrawn(source):
        msg = "It is over."
        raise NotAllowed(msg)
    source.withdrawn_at = timezone.now()
    source.save(update_fields=["withdrawn_at"])
    keys = (source.check_key, source.import_key)
    for job in Job.objects.filter(key__in=keys, state__in=LIVE):
        cancel_job(job_id=job.pk, by=by, reason=reason)


def _locked(pk: int) -> ProductImport:
    return ProductImport.objects.select_for_update().get(pk=pk)


def forget_old_imports() -> int:
    """Delete the files of a week ago, with what was said of their lines; return how many.

    A job that lives still needs its file, however old it is; so does a dead one that somebody may
    replay, as long as it is not withdrawn.
    """
    keys = [
        Concat(Value(prefix), OuterRef("tag")) for prefix in ("import_check:", "import_products:")
    ]
    jobs = Job.objects.filter(key__in=keys)
    living, dead = Exists(jobs.filter(state__in=LIVE)), Exists(jobs.filter(state=Job.State.DEAD))
    old = ProductImport.objects.filter(forgotten_at=None, uploaded_at__lt=timezone.now() - KEPT)
    count = 0
    needed = Q(living) | Q(dead, withdrawn_at=None)
    for source in old.exclude(needed).iterator():
        source.refused_cells.all().delete()
        source.changed_cells.all().delete()
        for archive in ImportArchive.objects.filter(source=source):
            archive.forget()
        source.forget()
        count += 1
    log.info("imports_forgotten", files=count)
    return count
