"""Our signatures, judged by the specification's own library."""

import json
import time

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from webhooks.signing import new_secret, signed_headers

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
