"""Who exports in these tests."""

from typing import Any

import pytest

from tests.reports.exports.exporting import somebody

VIEWS = (
    "orders.view_order",
    "orders.view_orderline",
    "orders.view_paymentattempt",
    "orders.view_refund",
    "shop.view_product",
    "deferral.view_job",
    "audit.view_auditentry",
)


@pytest.fixture
def clerk(transactional_db: None) -> Any:
    """May export everything there is."""
    return somebody(*VIEWS)
