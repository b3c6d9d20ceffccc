"""What `check --deploy` warns of: each seen, each with a sentence, and not where all is at home."""

from typing import Any

import pytest
from pytest_django.fixtures import Settings

from config.exposures import EXPOSURES
from config.mail import Provider
from config.production import check_exposure
from tests.rig.buckets import bucket_at

EXPOSED: list[tuple[str, str, Any]] = [
    ("any_name_is_ours", "ALLOWED_HOSTS", ["shop.example", "*"]),
    ("passwords_may_be_tried_without_end", "RATE_LIMITS", False),
    ("mail_can_be_read", "EMAIL_HOST", "smtp.example.com"),
    ("services_can_be_overheard", "PARTNER_URL", "http://partner.example.com/webhooks"),
    ("services_can_be_overheard", "WAREHOUSE_URL", "http://192.0.2.1.example.com"),
    ("services_can_be_overheard", "CRM_URL", "http://8.8.8.8/crm"),
    ("services_can_be_overheard", "PAYMENT_API_BASE", "http://api.stripe.com"),
    ("services_can_be_overheard", "MAIL_PROVIDER", Provider(url="http://api.example.com")),
    ("services_can_be_overheard", "FLOWER_URL", "http://flower.example.com"),
    ("files_can_be_read", "BUCKET", bucket_at("http://s3.example.com")),
    ("files_can_be_read", "FILES_ORIGIN", "http://files.example.com"),
    ("broker_can_be_overheard", "BROKER_URL", "redis://:secret@redis.example.com:6379/0"),
    ("broker_can_be_overheard", "BROKER_URL", "amqp://halyard:secret@8.8.8.8//"),
    ("cache_can_be_overheard", "CACHE_URL", "redis://:secret@redis.example.com:6379/0"),
    ("secrets_can_be_guessed", "PAYMENT_WEBHOOK_SECRETS", ["whsec_" + "a" * 30, "whsec_12345678"]),
    ("secrets_can_be_guessed", "SUPPLIER_WEBHOOK_SECRETS", {"warehouse": ["whsec_eA=="]}),
    ("secrets_can_be_guessed", "TICKET_KEY", "x"),
    ("secrets_can_be_guessed", "PARTNER_WEBHOOK_SECRET", "whsec_eA=="),
]
AT_HOME = [
    ("WAREHOUSE_URL", "http://warehouse:8000"),
    ("CRM_URL", "http://10.1.2.3/crm"),
    ("BROKER_URL", "redis://:secret@valkey:6379/0"),
    ("BROKER_URL", "rediss://redis.example.com:6379/0"),
    ("BROKER_URL", "redis+socket:///run/valkey.sock"),
    ("CACHE_URL", "redis://:secret@cache:6379/0"),
    ("CACHE_URL", "unix:///run/cache.sock?db=0"),
    ("EMAIL_HOST", "mailpit"),
    ("BUCKET", bucket_at("http://minio:9000")),
    ("BUCKET", bucket_at("https://s3.example.com")),
]


@pytest.fixture(autouse=True)
def _closed(settings: Settings) -> None:
    """A shop that exposes nothing."""
    settings.RATE_LIMITS = True
    settings.TICKET_KEY = settings.PARTNER_WEBHOOK_SECRET = "whsec_" + "a" * 40
    settings.PAYMENT_WEBHOOK_SECRETS = ["whsec_" + "a" * 30]


def warned_of() -> set[str]:
    return {str(found.id).removeprefix("config.") for found in check_exposure()}


@pytest.mark.parametrize(("rule", "name", "value"), EXPOSED)
def test_what_exposes_is_told_by_the_name_of_the_variable(
    settings: Settings, rule: str, name: str, value: Any
) -> None:
    assert warned_of() == set()
    setattr(settings, name, value)

    assert warned_of() == {rule}


@pytest.mark.parametrize(("name", "value"), AT_HOME)
def test_what_stays_at_home_is_let_pass(settings: Settings, name: str, value: Any) -> None:
    setattr(settings, name, value)

    assert warned_of() == set()


def test_a_database_elsewhere_is_spoken_to_by_tls(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "HOST", "db.example.com")
    assert warned_of() == {"database_can_be_overheard"}
    monkeypatch.setitem(settings.DATABASES["default"], "OPTIONS", {"sslmode": "verify-full"})
    assert warned_of() == set()


def test_every_rule_is_seen_here() -> None:
    assert {"database_can_be_overheard"} | {rule for rule, _name, _value in EXPOSED} == {
        rule.__name__ for rule in EXPOSURES
    }
