"""Rows to export, somebody who may, and what came of it."""

import csv
import io
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.utils import timezone

from deferral.models import Job
from deferral.relay.expansion import expand_events
from orders.models import Order
from reports.exports.asking import ask_for_export
from reports.exports.catalogue import DATASETS
from reports.models import Export, ExportFile
from tests.deferral.bench import run as run_once


def somebody(*permissions: str, email: str = "clerk@halyard.example") -> Any:
    """One of the staff, who may export and see these: `orders.view_order`."""
    user = get_user_model().objects.create_user(email=email, is_staff=True)
    for name in ("reports.add_export", "reports.view_export", *permissions):
        app, codename = name.split(".")
        found = Permission.objects.get(content_type__app_label=app, codename=codename)
        user.user_permissions.add(found)
    return get_user_model().objects.get(pk=user.pk)  # permissions are remembered by the object


def orders(count: int, **facts: Any) -> list[Order]:
    """So many, the oldest first, written at once."""
    first = Order.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    common: dict[str, Any] = {
        "name": "Ada Lovelace",
        "address": "1 Quay Street",
        "subtotal_cents": 1_000,
        "total_cents": 1_450,
        "shipping_cents": 450,
        "tax_cents": 232,
        "paid_at": timezone.now(),
        "state": Order.State.PAID,
    }
    rows = [
        Order(**{"number": f"H-{n}", "email": f"ada{n}@example.org"} | common | facts)
        for n in range(first + 1, first + count + 1)
    ]
    return Order.objects.bulk_create(rows, batch_size=2_000)


def ask(user: Any, dataset: str = "orders", format: str = "csv", **terms: Any) -> Export:  # noqa: A002 - as there
    """All columns, unless told otherwise."""
    terms.setdefault("columns", [column.name for column in DATASETS[dataset].columns])
    return ask_for_export(user, dataset=dataset, format=Export.Format(format), **terms)


def job_of(export: Export) -> Job:
    """Once the relay has written it."""
    expand_events()
    return Job.objects.get(key=export.key)


def run(export: Export) -> Job:
    """One turn of a worker with it."""
    return run_once(job_of(export))


def written(user: Any, *args: Any, **terms: Any) -> Export:
    """Asked for, and ready."""
    export = ask(user, *args, **terms)
    job = run(export)
    assert job.state == "done", job.errors
    export.refresh_from_db()
    return export


def whole(export: Export) -> bytes:
    """What its reader fetches."""
    return export.files.get(part=ExportFile.Part.WHOLE).read()


def table(content: bytes) -> list[list[str]]:
    """A CSV file, read."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
