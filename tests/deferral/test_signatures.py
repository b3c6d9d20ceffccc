"""Our signatures, judged by the specification's own library."""

import json
import time
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from deferral.signatures import new_secret, signed_at, signed_headers

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
BODY = '{"type": "order.completed", "name": "Zoë"}'


def headers(*secrets: str, age: int = 0) -> dict[str, str]:
    at = int(time.time()) - age
    return signed_headers(secrets or [SECRET], key="partner:1", timestamp=at, body=BODY.encode())


def test_what_we_sign_is_accepted() -> None:
    assert Webhook(SECRET).verify(BODY, headers()) == json.loads(BODY)


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_header_of_another_delivery_is_refused(name: str) -> None:
    at = int(time.time()) - 1
    other = signed_headers([SECRET], key="partner:2", timestamp=at, body=b"{}")

    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(BODY, headers() | {name: other[name]})


def test_a_changed_body_is_refused() -> None:
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(BODY.replace("completed", "cancelled"), headers())


def test_another_secret_is_refused() -> None:
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(BODY, headers(OTHER))


def test_an_old_one_is_refused() -> None:
    """The specification's five minutes."""
    with pytest.raises(WebhookVerificationError, match="too old"):
        Webhook(SECRET).verify(BODY, headers(age=301))


@pytest.mark.parametrize("kept", [SECRET, OTHER])
def test_while_a_secret_is_replaced_either_is_enough(kept: str) -> None:
    assert Webhook(kept).verify(BODY, headers(OTHER, SECRET)) == json.loads(BODY)


def test_a_new_secret_is_one_that_the_library_takes() -> None:
    made = {new_secret() for _ in range(3)}

    assert len(made) == 3
    for secret in made:
        Webhook(secret).verify(BODY, headers(secret))


def checked(sent: dict[str, str], body: str = BODY, *secrets: str) -> int | None:
    return signed_at(secrets or [OTHER, SECRET], body=body.encode(), headers=sent)


def test_what_the_library_signs_we_accept_and_know_when_it_was() -> None:
    at = datetime.now(UTC)
    signature = Webhook(SECRET).sign("notice-1", at, BODY)
    sent = {
        "webhook-id": "notice-1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": f"v2,else {signature}",
    }

    assert checked(sent) == int(at.timestamp())
    assert checked(sent, BODY, OTHER) is None
    assert checked(sent, BODY + " ") is None


@pytest.mark.parametrize(
    "odd",
    [
        {"webhook-id": "another"},
        {"webhook-id": "na\u00efve"},
        {"webhook-timestamp": "1"},
        {"webhook-timestamp": ""},
        {"webhook-timestamp": "9" * 5_000},
        {"webhook-timestamp": "\u0661\u0662"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v1," + "\xe9" * 44},
        {"webhook-signature": "v1,x " * 50},
    ],
)
def test_a_header_that_was_not_signed_is_refused(odd: dict[str, str]) -> None:
    assert checked(headers(SECRET) | odd) is None


def test_an_id_cannot_take_over_a_part_of_what_was_signed() -> None:
    """`a` signed at 1 over `2.{}` reads like `a.1` signed at 2 over `{}`."""
    sent = signed_headers([SECRET], key="a", timestamp=1, body=b"2.{}")
    moved = sent | {"webhook-id": "a.1", "webhook-timestamp": "2"}

    assert checked(sent, "2.{}") == 1
    assert checked(moved, "{}") is None


def test_without_a_secret_nobody_is_believed() -> None:
    assert signed_at([], body=BODY.encode(), headers=headers(SECRET)) is None
