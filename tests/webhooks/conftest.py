"""Orders to be told of, and somebody who receives webhooks."""

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from deferral.external import pacing
from orders.models import Order
from tests.reports.paid_orders import a_line, saved
from tests.rig.listening import listening
from tests.webhooks.receiving import Receiver


@pytest.fixture(autouse=True)
def _no_call_remembered() -> None:
    """How long receivers took is of the test before."""
    pacing.forget()


@pytest.fixture
def order(db: None) -> Order:
    """Two seats and a download, paid."""
    download = a_line(sku="DL-001", kind="download", title="Low Tide", detail="", quantity=1)
    return saved(a_line(quantity=2), download)


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    """On this machine, named in the settings."""
    found = Receiver()
    settings.WEBHOOK_PRIVATE_HOSTS = [found.host]
    with listening(found):
        yield found
