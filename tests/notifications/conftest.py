"""Paid orders, and documents to send."""

from pathlib import Path

import pytest
from django.db import transaction
from pytest_django.fixtures import Settings

from notifications import delivery
from orders.models import Order
from reports.filing import file_document
from reports.models import Document
from reports.services import remember
from tests.reports.paid_orders import a_line, saved


@pytest.fixture(autouse=True)
def _files_of_this_test(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def outside_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    """The service alone: its own transaction, and no job's `done` in it."""
    monkeypatch.setattr(delivery, "finishing", transaction.atomic)


@pytest.fixture
def order(db: None) -> Order:
    """Two seats and a download, paid."""
    download = a_line(sku="DL-001", kind="download", title="Low Tide", detail="", quantity=1)
    return saved(a_line(quantity=2), download)


@pytest.fixture
def receipt(order: Order) -> Document:
    """The order's receipt, written."""
    key = f"receipt:{order.reference}"
    filed = file_document(b"%PDF receipt", key=key)
    return remember(
        order, key=key, kind="receipt", title="Receipt", filename="receipt.pdf", filed=filed
    )
