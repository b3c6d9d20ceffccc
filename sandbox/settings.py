"""What the environment decides."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from standardwebhooks import Webhook
from standardwebhooks.webhooks import EmptyWebhookSecretError

from sandbox.services import FAST_SECONDS, SERVICES

PROFILES = ("article", "fast", "payment")
SUPPLIERS = {"print-room": "PRINT_ROOM_WEBHOOK_SECRET", "warehouse": "WAREHOUSE_WEBHOOK_SECRET"}
SECRETS = (
    "SANDBOX_TOKEN",
    "PAYMENT_SECRET_KEY",
    "PAYMENT_WEBHOOK_SECRET",
    "PARTNER_WEBHOOK_SECRET",
    *SUPPLIERS.values(),
)
_LAST_PORT = 65535


class BadSettings(Exception):
    """The environment asks for something impossible."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{name} {problem}")


@dataclass(frozen=True)
class Settings:
    """Everything the sandbox takes from outside, checked."""

    host: str
    name: str
    url: str
    port: int
    mail_port: int
    smtp_port: int
    home: Path
    zone: ZoneInfo
    shop: str
    profile: str
    token: str
    payment_key: str
    payment_webhook_url: str
    payment_webhook_secret: str
    partner_secret: str
    # Where parcels are told of, less the supplier's name; and by supplier, how that is signed.
    supplier_webhook_url: str
    supplier_secrets: Mapping[str, str]

    @property
    def fast(self) -> bool:
        """True when services answer in a millisecond, the payment provider perhaps excepted."""
        return self.profile != "article"

    def latency(self, service: str) -> float:
        """Seconds this external service takes before it accepts anything."""
        slow = not self.fast or service == self.profile
        return SERVICES[service].seconds if slow else FAST_SECONDS


def read_settings(env: Mapping[str, str]) -> Settings:
    """Raise BadSettings, naming the variable, for anything that could not work later."""
    env = _with_files(env)
    settings = Settings(
        host=env.get("SANDBOX_HOST") or "127.0.0.1",
        name=env.get("SANDBOX_NAME") or "localhost",
        url=(env.get("SANDBOX_URL") or _own_url(env)).rstrip("/"),
        port=_port(env, "SANDBOX_PORT", 8001),
        mail_port=_port(env, "MAIL_PORT", 8025),
        smtp_port=_port(env, "SANDBOX_SMTP_PORT", 1025),
        home=Path(env.get("DATA_DIR") or ".data").expanduser() / "sandbox",
        zone=_zone(env),
        shop=env.get("SITE_URL", "").rstrip("/"),
        profile=_profile(env),
        token=env.get("SANDBOX_TOKEN") or secrets.token_urlsafe(24),
        payment_key=env.get("PAYMENT_SECRET_KEY") or "sk_test_halyard",
        payment_webhook_url=env.get("PAYMENT_WEBHOOK_URL", ""),
        payment_webhook_secret=env.get("PAYMENT_WEBHOOK_SECRET", ""),
        partner_secret=_signing_secret(env, "PARTNER_WEBHOOK_SECRET"),
        supplier_webhook_url=env.get("SUPPLIER_WEBHOOK_URL", "").rstrip("/"),
        supplier_secrets={
            name: _signing_secret(env, variable) for name, variable in SUPPLIERS.items()
        },
    )
    if settings.payment_webhook_url and not settings.payment_webhook_secret:
        raise BadSettings("PAYMENT_WEBHOOK_SECRET", "must be set to use PAYMENT_WEBHOOK_URL")
    return settings


def _with_files(env: Mapping[str, str]) -> dict[str, str]:
    """X_FILE names a file that holds the secret X, as containers are given theirs."""
    found = dict(env)
    for name in SECRETS:
        if path := env.get(f"{name}_FILE"):
            found[name] = _text(f"{name}_FILE", Path(path))
    return found


def _text(name: str, path: Path) -> str:
    try:
        return path.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(name, f"names a file that cannot be read: {error}") from None


def _port(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= _LAST_PORT:
        raise BadSettings(name, f"must be a port between 1 and {_LAST_PORT}, not {text!r}")
    return int(text)


def _own_url(env: Mapping[str, str]) -> str:
    return f"http://127.0.0.1:{_port(env, 'SANDBOX_PORT', 8001)}"


def _zone(env: Mapping[str, str]) -> ZoneInfo:
    name = env.get("TIME_ZONE") or "UTC"
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise BadSettings(
            "TIME_ZONE", f"must be a zone such as Europe/Berlin, not {name!r}"
        ) from None


def _profile(env: Mapping[str, str]) -> str:
    profile = env.get("SANDBOX_PROFILE") or "article"
    if profile not in PROFILES:
        raise BadSettings(
            "SANDBOX_PROFILE", f"must be one of {', '.join(PROFILES)}, not {profile!r}"
        )
    return profile


def _signing_secret(env: Mapping[str, str], name: str) -> str:
    """Of several, separated by commas while one is replaced, the first."""
    secret = env.get(name, "").partition(",")[0].strip()
    if not secret:
        return ""
    try:
        Webhook(secret)
    except (ValueError, EmptyWebhookSecretError):
        raise BadSettings(name, "must be whsec_ followed by base64") from None
    return secret
