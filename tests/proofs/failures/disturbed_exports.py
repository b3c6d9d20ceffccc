"""An export whose worker is disturbed: how far it is, what came of it, what should have."""

import hashlib
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pypdfium2
from django.conf import settings
from python_calamine import CalamineWorkbook

from deferral.models import Event, Job, JobStep
from launcher.workers import Worker
from orders.models import Order
from reports.models import Export, ExportFile
from tests.bench.processes import children
from tests.reports.exports.exporting import ask, orders, somebody, whole, written
from tests.rig.running_shop import SETTLED, RunningShop
from tests.rig.waiting import eventually

WORKER = Worker("children", "bulk", 1)
# Not the address: it changes meanwhile, and every changed row has another place in the table.
COLUMNS = ["number", "created_at", "name", "email", "total_cents"]


@dataclass
class Disturbed:
    """One export in a shop of its own, beside an undisturbed one of the same rows."""

    shop: RunningShop
    plain: Export
    export: Export
    shown: dict[str, int] = field(default_factory=dict)

    def look(self) -> bool:
        """Whether it is over. No step shows less than it has shown; the dead are started again."""
        self.shop.start_again()
        for row in JobStep.objects.filter(job__key=self.export.key):
            assert row.done >= self.shown.get(row.name, 0), (row.name, row.done, self.shown)
            self.shown[row.name] = row.done
        return Job.objects.filter(key=self.export.key, state__in=SETTLED).exists()

    @property
    def job(self) -> Job:
        """As it is now."""
        return Job.objects.get(key=self.export.key)

    @property
    def came_to(self) -> tuple[int, int]:
        """How far it is: steps that are over, and units of all. Grows."""
        rows = JobStep.objects.filter(job__key=self.export.key)
        over = rows.filter(ended_at__isnull=False).count()
        return over, sum(rows.values_list("done", flat=True))

    def gets_on(self) -> bool:
        """Wait until it is further than now, or over; return whether it is not over."""
        was = self.came_to
        self.until(lambda: self.look() or self.came_to > was)
        return not self.look()

    def until(self, happened: Any) -> None:
        """Within a minute."""
        eventually(happened, patience=60, show=self.shop.logs)

    def busy_shop(self) -> None:
        """Orders are placed, and others changed, meanwhile."""
        orders(20)
        Order.objects.filter(pk__lte=self.export.last_id, pk__gt=self.export.last_id - 300).update(
            address="2 Quay Street"
        )

    def is_whole(self) -> None:
        """Done once, as if nothing had happened, and nothing is left of its parts."""
        self.until(self.look)
        assert self.job.state == "done", self.job.errors
        assert read_back(self.export) == read_back(self.plain)
        self.export.refresh_from_db()
        assert (self.export.rows, self.export.ready_at is not None) == (self.plain.rows, True)
        assert announced(self.export) == 1
        assert not self.export.files.exclude(part="whole").filter(forgotten_at=None).exists()
        assert not [one for one in (settings.DATA_DIR / "unfinished").iterdir() if one.is_dir()]


def disturbed(shop: RunningShop, format_: str, *, rows: int, **env: str) -> Disturbed:
    """Asked for, with a relay and a worker of these variables that begin with it now."""
    found = asked_for(shop, format_, rows=rows)
    shop.relay()
    shop.celery(WORKER, **env)
    return found


def asked_for(shop: RunningShop, format_: str, *, rows: int) -> Disturbed:
    """Nobody has begun with it."""
    clerk = somebody("orders.view_order")
    orders(rows)
    plain = written(clerk, format=format_, columns=COLUMNS)
    Export.objects.filter(pk=plain.pk).update(fingerprint="")  # or it would be the same export
    export = ask(clerk, format=format_, columns=COLUMNS)
    Export.objects.filter(pk=export.pk).update(asked_at=plain.asked_at)  # it stands on paper
    return Disturbed(shop, plain, export)


def read_back(export: Export) -> object:
    """What another program finds in it; of CSV its sha256."""
    content = whole(export)
    if export.format == Export.Format.XLSX:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    if export.format == Export.Format.PDF:
        pages = list(pypdfium2.PdfDocument(content))
        return [page.get_textpage().get_text_bounded() for page in pages]
    return hashlib.sha256(content).hexdigest()


def announced(export: Export) -> int:
    """How often it was said that it is ready."""
    facts = Event.objects.filter(type="reports.export_ready")
    return facts.filter(payload__export_id=export.pk).count()


def files_of(export: Export) -> list[Path]:
    """What stands on the disk under its name; what stands aside nobody can ask for."""
    name = export.key.replace(":", "-")
    return list((Path(settings.MEDIA_ROOT) / ExportFile.folder).rglob(f"{name}-*"))


def is_what_it_says(path: Path) -> bool:
    """The sha256 of what is in it stands in its name: nothing half."""
    said = path.name.partition(".")[0].rpartition("-")[2]
    return hashlib.sha256(path.read_bytes()).hexdigest().startswith(said)


def only_child(shop: RunningShop) -> list[int]:
    """The worker's child, if it has one just now."""
    return children(shop.named("children").pid)
