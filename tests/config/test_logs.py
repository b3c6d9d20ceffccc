"""What a process writes to its log: everything worth knowing, and nobody's key to anything."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from django.test import Client
from pytest_django.fixtures import Settings

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


@pytest.mark.django_db
@pytest.mark.parametrize("ip", ["127.0.0.1", "203.0.113.9"])
def test_a_client_cannot_say_who_it_is(
    written: Written, client: Client, settings: Settings, ip: str
) -> None:
    settings.BEHIND_PROXY = ip != "127.0.0.1"
    lies = {"X-Forwarded-For": "198.51.100.1, 203.0.113.9", "X-Request-ID": "mine"}

    client.get("/nowhere/", headers=lies | {"X-Real-IP": "198.51.100.2", "traceparent": "mine"})

    [line] = [line for line in written() if line["event"] == "request_finished"]
    assert line["ip"] == ip
    assert "mine" not in line.values()


@pytest.mark.django_db
def test_whatever_a_client_sends_a_line_stays_short(
    written: Written, client: Client, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS, settings.BEHIND_PROXY = ["testserver"], True
    long = "a-" * 4_000
    named = ("Host", "User-Agent", "Referer", "X-Forwarded-For", "X-Request-ID", "traceparent")

    client.generic("A" * 8_000, f"/{long}", headers=dict.fromkeys(named, long))

    assert any("exception" in line for line in written())
    assert all(len(word) <= 1_010 for line in written() for word in words_of(line))


def words_of(line: dict[str, Any]) -> list[str]:
    """Its values, a traceback's line by line."""
    return [word for value in line.values() for word in str(value).splitlines()]


def test_what_a_line_is_found_by_stays_whole(written: Written) -> None:
    log.warning("odd", request_id=ALL_DIGITS, order="H-10482", count=4_242_424_242_424_242)

    [line] = written()
    assert (line["request_id"], line["order"]) == (ALL_DIGITS, "H-10482")
    assert line["count"] == 4_242_424_242_424_242
