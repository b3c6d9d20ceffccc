"""The partner believes only what is signed."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from standardwebhooks import Webhook

from tests.rig.running_sandbox import Sandbox
from tests.rig.surroundings import PARTNER_SECRET


def send_webhook(sandbox: Sandbox, order: str, *, key: str = "", **change: Any) -> int:
    body = json.dumps({"type": "order.completed", "data": {"order": order}})
    name, at = key or f"w:{order}", change.get("at", datetime.now(UTC))
    headers = {
        "webhook-id": name,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(change.get("secret", PARTNER_SECRET)).sign(name, at, body),
    } | change.get("headers", {})
    sent = (body + change.get("more", "")).encode()
    answer = requests.post(f"{sandbox.url}/partner/webhooks", data=sent, headers=headers, timeout=5)
    return answer.status_code


def test_the_partner_takes_a_signed_webhook_once(sandbox: Sandbox, order: str) -> None:
    assert [send_webhook(sandbox, order) for _ in range(2)] == [201, 201]
    assert sandbox.entries("partner", order) == [("order.completed", 1, 1, 0)]


@pytest.mark.parametrize(
    "change",
    [
        {"secret": "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
        {"more": " "},
        {"at": datetime(2020, 1, 1, tzinfo=UTC)},
        {"at": datetime.now(UTC) + timedelta(days=1)},
        {"headers": {"webhook-signature": "v1,%%%"}},
        {"headers": {"webhook-signature": "nonsense"}},
        {"headers": {"webhook-timestamp": "yesterday"}},
        {"headers": {"webhook-id": ""}},
    ],
)
def test_the_partner_refuses_what_is_not_signed_well(
    sandbox: Sandbox, order: str, change: Any
) -> None:
    before = refused(sandbox)

    assert send_webhook(sandbox, order, **change) == 401
    assert sandbox.entries("partner", order) == []
    assert refused(sandbox) == before + 1


def refused(sandbox: Sandbox) -> int:
    return sum(row["refused"] for row in sandbox.get("/ledger.json")["partner"])
