"""Events reach the shop's webhook signed, and again until it takes them."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import stripe

from tests.rig.listening import listening
from tests.rig.running_sandbox import Sandbox, running_sandbox
from tests.rig.surroundings import PAYMENT_SECRET


@dataclass
class Shop:
    """The shop's side: answers with `status`, remembers what came."""

    status: int = 200
    came: list[tuple[bytes, str, int]] = field(default_factory=list)

    def types(self, status: int) -> list[str]:
        return sorted({json.loads(raw)["type"] for raw, _, answer in self.came if answer == status})

    def wait_for(self, count: int, status: int) -> None:
        until = time.monotonic() + 8
        while len(self.types(status)) < count:
            assert time.monotonic() < until, self.came
            time.sleep(0.02)


@pytest.fixture
def shop() -> Iterator[tuple[Shop, str]]:
    shop = Shop()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            shop.came.append((raw, self.headers["Stripe-Signature"], shop.status))
            self.send_response(shop.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with listening(server):
        yield shop, f"http://127.0.0.1:{server.server_address[1]}/"


@pytest.fixture
def telling(starts_processes: None, shop: tuple[Shop, str], tmp_path: Path) -> Iterator[Sandbox]:
    with running_sandbox(
        tmp_path, PAYMENT_WEBHOOK_URL=shop[1], PAYMENT_WEBHOOK_SECRET=PAYMENT_SECRET
    ) as running:
        yield running


PAID = ["charge.succeeded", "payment_intent.created", "payment_intent.succeeded"]


def pay(sandbox: Sandbox) -> None:
    sandbox.payments.payment_intents.create(
        {"amount": 100, "currency": "usd", "confirm": True, "payment_method": "pm_card_visa"}
    )


def test_events_arrive_signed(telling: Sandbox, shop: tuple[Shop, str]) -> None:
    pay(telling)
    shop[0].wait_for(3, 200)

    assert shop[0].types(200) == PAID
    for raw, signature, _ in shop[0].came:
        event = stripe.Webhook.construct_event(raw, signature, PAYMENT_SECRET)
        assert event == telling.payments.events.retrieve(event.id)
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(raw + b" ", signature, PAYMENT_SECRET)


def test_what_was_not_taken_comes_again(telling: Sandbox, shop: tuple[Shop, str]) -> None:
    shop[0].status = 500
    pay(telling)
    for status in (500, 302, 200):
        shop[0].status = status
        shop[0].wait_for(3, status)

    arrived = len(shop[0].came)
    time.sleep(0.5)
    assert (shop[0].types(200), len(shop[0].came)) == (PAID, arrived)


def test_what_was_not_taken_comes_again_after_a_crash(
    telling: Sandbox, shop: tuple[Shop, str]
) -> None:
    shop[0].status = 500
    pay(telling)
    shop[0].wait_for(3, 500)
    telling.kill()
    shop[0].status = 200

    telling.start_again()
    shop[0].wait_for(3, 200)
    assert shop[0].types(200) == PAID
