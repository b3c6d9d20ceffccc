"""What a process writes to its log: everything worth knowing, and nobody's key to anything."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from django.test import Client

from config.logs import stdlib_config
from tests.orders.buying import paid

ALL_DIGITS = "12345678-1234-4234-9234-123456789012"

Written = Callable[[], list[dict[str, Any]]]
log = structlog.get_logger("tests")


@pytest.fixture
def written() -> Iterator[Written]:
    """The lines so far, as a process formats them."""
    formatter, stream = stdlib_config("INFO")["formatters"]["json"], io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter["()"](**{n: v for n, v in formatter.items() if n != "()"}))
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


@pytest.mark.django_db
def test_a_refused_request_is_told_without_the_orders_token(
    written: Written, client: Client
) -> None:
    order = paid()

    back = f"payment_intent_client_secret=pi_1_secret_2&token={order.link_token}"
    client.get(f"/orders/{order.number}/documents/none/?{back}")

    [line] = [line for line in written() if line["event"] == "request_finished"]
    query = "payment_intent_client_secret=[redacted]&token=[redacted]"
    address = f"GET /orders/{order.number}/documents/none/?{query}"
    assert (line["code"], line["request"]) == (404, address)


def test_nothing_secret_is_written_wherever_it_stands_in_a_line(written: Written) -> None:
    log.warning("odd", errors=[{"said": "Bearer abc.def"}], by="ada.lovelace@example.org")
    logging.getLogger("a.library").warning("key %s", "sk_test_abc")
    log.warning("failed", exc_info=OSError("card 4242 4242 4242 4242"))

    ours, theirs, failed = written()
    assert ours["errors"] == [{"said": "Bearer [redacted]"}]
    assert ours["by"] == "a***@example.org"
    assert theirs["event"] == "key sk_test_[redacted]"
    assert failed["exception"].endswith("OSError: card [number]")


def test_what_a_line_is_found_by_stays_whole(written: Written) -> None:
    log.warning("odd", request_id=ALL_DIGITS, order="H-10482", count=4_242_424_242_424_242)

    [line] = written()
    assert (line["request_id"], line["order"]) == (ALL_DIGITS, "H-10482")
    assert line["count"] == 4_242_424_242_424_242
