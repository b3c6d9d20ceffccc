"""Our signatures, judged by the specification's own library."""

import json
import time
from typing import Any

import pytest
from pytest_django.fixtures import Settings
from standardwebhooks import Webhook, WebhookVerificationError

from notifications import services
from notifications.signing import signed_headers
from orders.models import Order
from tests.sandbox.running_sandbox import Sandbox

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
BODY = '{"type": "order.completed", "name": "Zoë"}'


def headers(*, secret: str = SECRET, age: int = 0) -> dict[str, str]:
    at = int(time.time()) - age
    return signed_headers(secret, key="partner:1", timestamp=at, body=BODY.encode())


def test_what_we_sign_is_accepted() -> None:
    assert Webhook(SECRET).verify(BODY, headers()) == json.loads(BODY)


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_header_of_another_delivery_is_refused(name: str) -> None:
    at = int(time.time()) - 1
    other = signed_headers(SECRET, key="partner:2", timestamp=at, body=b"{}")

    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(BODY, headers() | {name: other[name]})


def test_a_changed_body_is_refused() -> None:
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(BODY.replace("completed", "cancelled"), headers())


def test_another_secret_is_refused() -> None:
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(BODY, headers(secret=OTHER))


def test_an_old_one_is_refused() -> None:
    """The specification's five minutes."""
    with pytest.raises(WebhookVerificationError, match="too old"):
        Webhook(SECRET).verify(BODY, headers(age=301))


def test_the_partner_is_told_once_however_often_we_say_it(order: Order, outside: Sandbox) -> None:
    for _ in range(2):
        services.tell_partner(order_id=order.pk, what="order.completed", key="partner:9")

    assert outside.entries("partner", order.number) == [("order.completed", 1, 1, 0)]


@pytest.mark.parametrize(
    ("what", "moment"),
    [
        ("order.completed", "2026-11-21T18:05:07.123456+00:00"),
        ("order.cancelled", "2026-11-22T09:00:00+00:00"),
        ("order.refunded", "2026-11-24T10:00:00+00:00"),
    ],
)
def test_every_attempt_says_the_same_and_is_signed_anew(
    order: Order, monkeypatch: pytest.MonkeyPatch, what: str, moment: str
) -> None:
    Order.objects.update(closed_at="2026-11-22T09:00Z", refunded_at="2026-11-24T10:00Z")
    told: list[Any] = []
    monkeypatch.setattr(services, "tell", lambda *_, **said: told.append(said))
    for second in (1_800_000_000, 1_800_000_060):
        monkeypatch.setattr(time, "time", lambda now=second: now)
        services.tell_partner(order_id=order.pk, what=what, key="partner:9")

    first, again = told
    assert first["content"] == again["content"]
    assert json.loads(first["content"])["timestamp"] == moment
    assert [said["headers"]["webhook-timestamp"] for said in told] == ["1800000000", "1800000060"]


def test_the_partner_hears_no_name_and_no_address(order: Order, settings: Settings) -> None:
    told = json.dumps(services.webhook(order, "order.completed"))

    assert order.number in told
    for private in (order.name, order.email, order.link_token):
        assert json.dumps(private)[1:-1] not in told
