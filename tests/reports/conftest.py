"""Paid orders, and jobs run as a worker runs them."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from orders.models import Order
from tests.reports.paid_orders import Run, a_line, saved
from tests.rig.jobs import run_as_a_worker


@pytest.fixture(autouse=True)
def _files_of_this_test(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def order(db: None) -> Order:
    """Three tickets, paid."""
    return saved(a_line())


@pytest.fixture
def run(db: None) -> Run:
    """Write a job's row and run it as a worker would; the row, as it is afterwards."""
    return run_as_a_worker
