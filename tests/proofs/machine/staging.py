"""What is put in another's place for one example, and nothing else: all beside it is the product.

Celery's publishing, the external services' wires, the crash points, a clock that is no longer real,
the name under which a process claims and the session that holds its locks (they share one process
id), and typesetting, which is slow.
"""

import sys
import threading
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from config.celery import app
from deferral import crashpoints, tasks
from deferral.database import holding, snapshots
from deferral.external import breakers, http, jobs, knowledge
from deferral.pressure import levels
from deferral.relay import loop, silence
from orders.payments import insisting
from orders.payments.provider import gateway, refunds
from reports import services
from shop.models import Product
from tests.proofs.machine.bank import Bank
from tests.proofs.machine.broker import Broker
from tests.proofs.machine.clock import OURS, Clock
from tests.proofs.machine.processes import SharedHere, reach
from tests.proofs.machine.receivers import Books, Line, MailServer
from tests.rig.emptying import empty_tables
from webhooks import sending

STOCK = 1_000
EVENING = datetime(2100, 1, 1, 19, tzinfo=UTC)
PRODUCTS = {"SEAT": ("ticket", "box_office"), "PRINT": ("print", "print_room")}


def put_in_place(
    patch: pytest.MonkeyPatch, *, broker: Broker, books: Books, bank: Bank, clock: Clock
) -> None:
    """Until the patch is undone."""
    patch.setattr(app, "send_task", broker.send_task)
    line = Line(books)
    patch.setattr(http, "connections", lambda: line)
    patch.setattr(sending, "post", line.deliver)
    patch.setattr(MailServer, "books", books, raising=False)
    patch.setattr(MailServer, "attached", {})
    for name in ("create", "confirm", "ask", "call_off"):
        patch.setattr(gateway, name, getattr(bank, name))
    for name in ("refund", "refunds_of"):
        patch.setattr(refunds, name, getattr(bank, name))
    patch.setattr(insisting, "PAUSES", ())  # no clock but ours
    for module in passing_crash_points():
        patch.setattr(module, "crashpoint", reach)
    patch.setattr(holding, "_shared", SharedHere())
    patch.setattr(tasks, "session_name", lambda: threading.current_thread().name)
    patch.setattr(services, "typeset", lambda template, *_, **__: b"%PDF " + template.encode())
    for module in (loop, knowledge, snapshots):
        patch.setattr(module, "time", SimpleNamespace(monotonic=clock.monotonic))
    patch.setattr(jobs, "SPREAD", 0.0)  # PostgreSQL's luck cannot be repeated
    # The same, but it waits until the session is gone: an example has to be repeatable.
    waits = silence.END_SILENT_SESSIONS.replace("backend(l.pid)", "backend(l.pid, 5000)")
    patch.setattr(silence, "END_SILENT_SESSIONS", waits)


def passing_crash_points() -> list[object]:
    """Every module of ours that has one."""
    return [
        module
        for name, module in sys.modules.items()
        if name.split(".")[0] in OURS
        and getattr(module, "crashpoint", None) is crashpoints.crashpoint
    ]


def forget_everything() -> None:
    """Nothing ever happened, and nobody remembers."""
    breakers.forget()
    levels.forget()
    empty_tables()


def fill_shelves() -> None:
    """Two products, and enough of them."""
    Product.objects.bulk_create(
        Product(
            sku=sku,
            slug=sku,
            category=category,
            title=sku.title(),
            price_cents=1_000,
            supplier=supplier,
            available=STOCK,
            event_at=EVENING if category == "ticket" else None,
        )
        for sku, (category, supplier) in PRODUCTS.items()
    )
