"""What no process may start with: each seen broken, each with a sentence of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from pytest_django.fixtures import Settings

from config.contradictions import RULES
from config.mail import Provider
from config.production import check_settings
from tests.rig.buckets import bucket_at
from tests.rig.surroundings import PARTNER_SECRET, SEALING_KEY

ROOT = Path(__file__).resolve().parents[2]
LIVE = {"PAYMENT_SECRET_KEY": "sk_live_1", "PAYMENT_API_BASE": "https://api.stripe.com"}


class NotInstalled(Provider):
    """One for which the package is missing."""

    is_installed = False


BROKEN = {
    "mail_comes_from_nowhere": {"DEFAULT_FROM_EMAIL": "the harbour"},
    "no_model_drafts": {"AI_URL": "https://ai.example/v1", "AI_KEY": "k"},
    "nobody_pays_for_sms": {"SMS_URL": "https://sms.example/v1"},
    "staff_cannot_be_mailed": {"STAFF_EMAIL": "Admin <staff@halyard.example>"},
    "bounces_come_back_nowhere": {"BOUNCE_ADDRESS": "the harbour"},
    "secret_key_is_missing": {"SECRET_KEY": "insecure: only for checks"},
    "ticket_key_is_shared": {
        "SITE_URL": "https://shop.example",
        "TICKET_KEY": "k",
        "SECRET_KEY": "k",
    },
    "sealing_keys_are_missing_or_weak": {"SEALING_KEYS": [django_settings.INSECURE_KEY]},
    "site_url_is_no_address": {"SITE_URL": "shop.example"},
    "site_is_not_an_allowed_host": {"ALLOWED_HOSTS": ["elsewhere.example"]},
    "redirects_to_https_for_ever": {"HTTPS": True, "SECURE_SSL_REDIRECT": True},
    "promises_https_over_http": {"SECURE_HSTS_SECONDS": 60},
    "debug_in_public": {"DEBUG": True, "HTTPS": True},
    "live_key_elsewhere": {"PAYMENT_SECRET_KEY": "rk_live_1"},
    "live_key_with_test_cards": LIVE | {"PAYMENT_TEST_METHODS": True},
    "payment_key_is_missing": {"PAYMENT_API_BASE": "https://api.stripe.com/"},
    "demo_login_in_public": LIVE | {"DEMO_PASSWORD": "let me in"},
    "webhooks_cannot_be_signed": {"PARTNER_WEBHOOK_SECRET": "whsec_not base64"},
    "notices_cannot_be_checked": {"PAYMENT_WEBHOOK_SECRETS": ["x"]},
    "suppliers_cannot_be_believed": {"SUPPLIER_WEBHOOK_SECRETS": {"warehouse": ["whsec_%"]}},
    "payment_key_is_none": {"PAYMENT_SECRET_KEY": "pk_test_public"},
    "mail_provider_cannot_be_spoken_to": {"MAIL_PROVIDER": NotInstalled(name="brevo", key="k")},
    "mail_provider_has_no_key": {"MAIL_PROVIDER": Provider(name="postmark")},
    "mail_provider_login_is_none": {
        "MAIL_PROVIDER": Provider(name="postmark", key="k", login="shop:short")
    },
    "storage_is_missing": {"STORAGES": {"default": {"BACKEND": "media.storage.Nothing"}}},
    "files_have_no_bucket": {"MEDIA_PLACE": "s3"},
    "bucket_has_half_a_key": {"BUCKET": bucket_at("https://s3.example", secret_key="")},
    "bucket_has_no_key": {"BUCKET": bucket_at("https://s3.example", access_key="", secret_key="")},
    "bucket_is_not_named": {"BUCKET": bucket_at("https://s3.example", name="")},
    "bucket_is_nowhere": {"BUCKET": bucket_at("", region="")},
    "webhooks_into_the_house": {"HTTPS": True},
    "cache_is_unknown": {"CACHE_URL": "memcached://127.0.0.1:11211"},
    "cache_is_the_broker": {
        "BROKER_URL": "redis://:secret@Valkey.internal/0",
        "CACHE_URL": "rediss://valkey.internal.:6379/5",
    },
    "broker_is_unknown": {"BROKER_URL": "valkey://127.0.0.1"},
    "a_service_has_no_address": {"CRM_URL": ""},
    "no_hint_is_ever_given": {"HINTS_AHEAD": 0},
    "threads_serve_a_queue_that_is_unknown": {"DEFERRAL_THREAD_QUEUES": ["mail", "post"]},
    "nothing_can_run_alone": {"DEFERRAL_ISOLATION_QUEUE": "post"},
    "ffmpeg_is_no_program": {"FFMPEG": "ffmpeg -nostdin"},
    "moderator_cannot_check": {"MODERATOR": "media.films.moderation.Nobody"},
}
ALSO_BROKEN = [
    *(
        ("cache_is_the_broker", {"BROKER_URL": broker, "CACHE_URL": cache})
        for broker, cache in (
            ("redis://127.0.0.1:6379/0", "redis://localhost/1"),
            ("redis://127.0.0.1:6379/0", "redis:///1"),
            (
                "redis+socket:///run/valkey.sock?virtual_host=0",
                "unix:///run/../run/valkey.sock?db=3",
            ),
            ("redis://a:6379;redis://b:6379", "redis://user:word@b"),
            ("redis://[::1]:6379", "redis://127.0.0.1:6379"),
        )
    ),
    ("mail_provider_has_no_key", {"MAIL_PROVIDER": Provider(name="postmark", key="two words")}),
    ("mail_provider_has_no_key", {"MAIL_PROVIDER": Provider(key="of nobody")}),
    ("mail_provider_login_is_none", {"MAIL_PROVIDER": Provider(name="a", key="k", login="x" * 30)}),
    ("no_model_drafts", {"AI_URL": "https://ai.example", "AI_MODEL": "m", "AI_KEY": "k\nx: y"}),
    ("nobody_pays_for_sms", {"SMS_URL": "https://sms.example", "SMS_KEY": "schlüssel"}),
    ("nothing_can_run_alone", {"DEFERRAL_THREAD_QUEUES": django_settings.DEFERRAL_QUEUES}),
    ("nothing_can_run_alone", {"DEFERRAL_ISOLATION_QUEUE": "mail"}),
    ("mail_comes_from_nowhere", {"DEFAULT_FROM_EMAIL": "Halyard <post@example\u200f.com>"}),
    ("mail_comes_from_nowhere", {"DEFAULT_FROM_EMAIL": "Hal\nBcc: x@example.org <post@a.example>"}),
    ("sealing_keys_are_missing_or_weak", {"SEALING_KEYS": ["x"]}),
    ("sealing_keys_are_missing_or_weak", {"SEALING_KEYS": [SEALING_KEY, "schlüssel"]}),
    ("sealing_keys_are_missing_or_weak", {"SEALING_KEYS": [SEALING_KEY, "_" * 43 + "="]}),
    ("payment_key_is_missing", {"PAYMENT_SECRET_KEY": ""}),
    ("site_url_is_no_address", {"SITE_URL": "https://shop.example/"}),
    ("live_key_elsewhere", {"PAYMENT_SECRET_KEY": "sk_live_1"}),
    (
        "demo_login_in_public",
        {"DEMO_PASSWORD": "x", "SITE_URL": "https://shop.example", "PAYMENT_TEST_METHODS": False},
    ),
    ("webhooks_cannot_be_signed", {"PARTNER_WEBHOOK_SECRET": "aW5zZWN1cmU="}),
    (
        "webhooks_cannot_be_signed",
        {
            "PARTNER_WEBHOOK_SECRET": "whsec_aW5zZWN1cmUtaW5zZWN1cmU=",
            "PARTNER_URL": "https://partner.example",
        },
    ),
    (
        "suppliers_cannot_be_believed",
        {
            "SUPPLIER_WEBHOOK_SECRETS": {
                "warehouse": [PARTNER_SECRET],
                "print_room": [PARTNER_SECRET],
            }
        },
    ),
    ("suppliers_cannot_be_believed", {"SUPPLIER_WEBHOOK_SECRETS": {"warehouse": ["whsec_"]}}),
    ("webhooks_into_the_house", LIVE),
    ("a_service_has_no_address", {"EMAIL_HOST": ""}),
    ("ffmpeg_is_no_program", {"FFMPEG": "bin/ffmpeg"}),
    ("ffmpeg_is_no_program", {"FFMPEG": "/tmp"}),  # noqa: S108 - any folder
    ("ffmpeg_is_no_program", {"FFMPEG": "/etc/passwd"}),
    ("moderator_cannot_check", {"MODERATOR": "media.films.moderation.moderator"}),
    ("moderator_cannot_check", {"MODERATOR": "media.films.moderation.REVIEW"}),
]
FINE = [
    LIVE | {"PAYMENT_TEST_METHODS": False, "WEBHOOK_PRIVATE_HOSTS": []},
    {"PARTNER_URL": "", "PARTNER_WEBHOOK_SECRET": ""},
    {
        "WEBHOOK_PRIVATE_HOSTS": [],
        "SITE_URL": "https://shop.example",
        "HTTPS": True,
        "ALLOWED_HOSTS": [".example"],
        "SECURE_SSL_REDIRECT": True,
        "BEHIND_PROXY": True,
    },
    {"MEDIA_PLACE": "s3", "BUCKET": bucket_at("https://s3.example", region="")},
    {"BUCKET": bucket_at("", access_key="", secret_key="")},
    {"DEMO_PASSWORD": "of this laptop", "PAYMENT_TEST_METHODS": False},
    {"BROKER_URL": "amqp://halyard@rabbitmq//"},
    {"DEFERRAL_THREAD_QUEUES": []},
    {"FFMPEG": "/on/another/machine/ffmpeg", "MODERATOR": "media.films.moderation.Staff"},
    {"FFMPEG": sys.executable},
    {"CACHE_URL": "redis://:word@cache:6379/0"},
    {"CACHE_URL": "unix:///run/cache.sock?db=0"},
    {"CACHE_URL": "redis://127.0.0.1:6379/0", "BROKER_URL": "amqp://halyard@127.0.0.1:6379//"},
]
HALYARD = [sys.executable, "-m"]
ENTRANCES = {
    "web": [
        *HALYARD,
        "gunicorn",
        "config.wsgi",
        "-c",
        "deploy/web.py",
        "-b",
        "unix:{}",
    ],
    "worker": [*HALYARD, "celery", "-A", "config", "worker", "-c", "1"],
    "beat": [*HALYARD, "celery", "-A", "config", "beat"],
    "migrate": [sys.executable, "manage.py", "migrate"],
}


def broken_rules() -> set[str]:
    return {str(found.id).removeprefix("config.") for found in check_settings()}


def test_a_laptop_and_a_test_break_no_rule() -> None:
    assert not broken_rules()


def test_every_rule_is_seen_broken_here() -> None:
    assert {*BROKEN, "database_is_not_postgresql"} == {rule.__name__ for rule in RULES}


def test_another_database_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")

    assert "database_is_not_postgresql" in broken_rules()


@pytest.mark.parametrize(("name", "values"), [*BROKEN.items(), *ALSO_BROKEN])
def test_a_broken_rule_is_told(settings: Settings, name: str, values: dict[str, object]) -> None:
    for key, value in values.items():
        setattr(settings, key, value)

    assert name in broken_rules()


@pytest.mark.parametrize("values", FINE)
def test_what_fits_together_is_let_pass(settings: Settings, values: dict[str, object]) -> None:
    for key, value in values.items():
        setattr(settings, key, value)

    assert not broken_rules() - {"site_is_not_an_allowed_host"}


@pytest.mark.parametrize("entrance", ENTRANCES)
@pytest.mark.usefixtures("starts_processes")
def test_every_way_in_is_closed_with_the_sentence(entrance: str, tmp_path: Path) -> None:
    env = os.environ | {
        "BROKER_URL": "valkey://nowhere",
        "DATABASE_URL": "postgresql://%2Fnowhere/none",
    }
    command = [part.format(tmp_path / "socket") for part in ENTRANCES[entrance]]

    ended = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)  # noqa: S603  ours

    assert ended.returncode == 1
    assert "BROKER_URL must begin with redis" in ended.stderr
    assert "Traceback" not in ended.stderr
