"""The external services that take JSON: what they accept, and that they accept it once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from tests.rig.running_sandbox import Sandbox

LINES = [{"sku": "mug", "quantity": 2}]


@pytest.mark.parametrize("where", ["print-room", "warehouse", "box-office"])
def test_inventory_reserves_and_releases_once(sandbox: Sandbox, order: str, where: str) -> None:
    for effect in ("reservation", "release"):
        body = {"order": order, "lines": LINES}
        first, second = (
            sandbox.post(f"/{where}/{effect}s", body, f"{effect}:{order}") for _ in range(2)
        )
        assert (first.status_code, first.json()) == (second.status_code, second.json())
        assert second.headers["Idempotent-Replayed"] == "true"

    assert sandbox.entries(where, order) == [("reservation", 1, 1, 0), ("release", 1, 1, 0)]


@pytest.mark.parametrize(
    ("path", "service", "content", "effect"),
    [
        ("/analytics/events", "analytics", {"event": "order_paid"}, "order_paid"),
        ("/crm/contacts", "crm", {"email": "ann@example.com", "name": "Ann"}, "contact"),
        ("/crm/forgotten", "crm", {"email": "ann@example.com"}, "forgotten"),
        ("/audit-archive/entries", "audit-archive", {"action": "paid", "at": "now"}, "paid"),
    ],
)
def test_effect_and_order_are_read_from_the_content(
    sandbox: Sandbox, order: str, path: str, service: str, content: Any, effect: str
) -> None:
    answer = sandbox.post(path, {"order": order, **content}, f"H-1:misleading:{order}")

    assert answer.status_code == 201
    assert sandbox.entries(service, order) == [(effect, 1, 0, 0)]


def test_ten_at_once_with_one_key_are_one_acceptance(sandbox: Sandbox, order: str) -> None:
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: sandbox.reserve(order, f"r:{order}"), range(10)))

    assert len({answer.text for answer in answers}) == 1
    assert sandbox.entries("warehouse", order) == [("reservation", 1, 9, 0)]


def test_one_effect_under_two_keys_is_a_double(sandbox: Sandbox, order: str) -> None:
    sandbox.reserve(order, f"one:{order}")
    sandbox.reserve(order, f"two:{order}")

    [double] = [d for d in sandbox.get("/ledger/doubles.json") if d["order"] == order]
    assert double == {
        "service": "warehouse",
        "order": order,
        "effect": "reservation",
        "keys": [f"one:{order}", f"two:{order}"],
    }


def test_a_key_used_for_something_else_is_refused(sandbox: Sandbox, order: str) -> None:
    sandbox.reserve(order, f"r:{order}")
    other = sandbox.post("/warehouse/releases", {"order": order, "lines": LINES}, f"r:{order}")

    assert other.status_code == 422
    assert sandbox.entries("warehouse", order) == [("reservation", 1, 0, 0), ("release", 0, 0, 1)]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"[" * 99_999,
        b'{"order": "H-1", "lines": []}',
        b'{"order": "H-1", "lines": [{"sku": "a", "quantity": true}]}',
        b'{"order": "H-1", "lines": [{"sku": "a", "quantity": 0}]}',
        b'{"order": 7, "lines": [{"sku": "a", "quantity": 1}]}',
        b'{"order": "\xff", "lines": [{"sku": "a", "quantity": 1}]}',
    ],
)
def test_a_body_that_cannot_be_is_400(sandbox: Sandbox, raw: bytes) -> None:
    url = f"{sandbox.url}/warehouse/reservations"
    answer = requests.post(url, data=raw, headers={"Idempotency-Key": "bad"}, timeout=5)

    assert answer.status_code == 400
    assert answer.json()["error"]


def test_odd_texts_are_stored_somehow(sandbox: Sandbox) -> None:
    raw = b'{"order": "H-0\\ud800\\u0000", "event": "\\ud800 \xf0\x9f\x98\x80"}'
    headers = {"Idempotency-Key": "odd"}
    answer = requests.post(f"{sandbox.url}/analytics/events", data=raw, headers=headers, timeout=5)

    assert answer.status_code == 201
    assert sandbox.entries("analytics", "H-0?") == [("? 😀", 1, 0, 0)]


@pytest.mark.parametrize("key", ["", "k" * 256, "\xff"])
def test_a_key_that_cannot_be_is_400(sandbox: Sandbox, key: str) -> None:
    assert sandbox.reserve("H-1", key.encode("latin-1")).status_code == 400  # type: ignore[arg-type]
