"""A provider that never ends what it says holds nobody for longer than thrice the time-out."""

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from deferral.failure_kinds import FailureKind
from orders.errors import PaymentUnavailable
from orders.payments.provider import gateway
from tests.rig.dripping import Dripping
from tests.rig.listening import listening


@pytest.fixture(autouse=True)
def _a_client_of_its_own(settings: Settings) -> Iterator[None]:
    settings.PAYMENT_TIMEOUT = 0.2
    gateway.client.cache_clear()
    yield
    gateway.client.cache_clear()


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize(
    "first",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
        b"HTTP/1.1 200 OK\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 9999\r\n\r\n",
        b"\x16\x03\x03\x3f\xff\x02\x00\x3f\xfb",
    ],
)
def test_who_drips_did_not_answer_wherever_it_stands(
    first: bytes, scheme: str, settings: Settings
) -> None:
    server = Dripping(first)
    settings.PAYMENT_API_BASE = f"{scheme}://{server.place}"
    with listening(server), pytest.raises(PaymentUnavailable) as caught:
        gateway.create(key="k", order="H-1-x", number="H-1", amount_cents=4_090, currency="eur")

    assert (caught.value.failure_kind, caught.value.answered) == (FailureKind.SILENT, False)
