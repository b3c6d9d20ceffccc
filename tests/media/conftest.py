"""Files of one test alone, and rows that name some."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from media.filing import file_away
from orders.models import Order
from reports.models import Document
from tests.reports.paid_orders import a_line, saved

Write = Callable[..., Document]


@pytest.fixture(autouse=True)
def _files_of_this_test(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def order(db: None) -> Order:
    """What a document is about."""
    return saved(a_line())


@pytest.fixture
def write(order: Order) -> Write:
    """A file and its row."""

    def written(content: bytes = b"paper", key: str = "receipt:1") -> Document:
        filed = file_away(content, key=key, folder="documents", suffix=".pdf")
        facts = {"sha256": filed.sha256, "size": filed.size, "place": filed.place}
        return Document.objects.create(order=order, key=key, file=filed.name, **facts)

    return written
