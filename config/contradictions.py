"""What no process may start with. Each rule's docstring is the sentence a person then reads."""

import base64
import binascii
from collections.abc import Callable
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import validate_host
from django.utils.module_loading import import_string

from accounts.errors import NotAnAddress
from accounts.mailboxes import on_the_wire

Rule = Callable[[], bool]
RULES: list[Rule] = []

STRIPE = "https://api.stripe.com"
BROKERS = {"redis", "rediss", "redis+socket", "sentinel", "amqp", "amqps", "pyamqp", "sqs"}
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
SERVICES = (
    "PRINT_ROOM",
    "WAREHOUSE",
    "BOX_OFFICE",
    "ANALYTICS",
    "CRM",
    "AUDIT_ARCHIVE",
)


def rule(broken: Rule) -> Rule:
    """Add a rule: a function that tells whether it is broken."""
    RULES.append(broken)
    return broken


def _is_local(url: str) -> bool:
    return urlsplit(url).hostname in LOOPBACK


def _is_live() -> bool:
    """Stripe's live keys: `sk_live_` and the restricted `rk_live_`."""
    return str(settings.PAYMENT_SECRET_KEY).startswith(("sk_live_", "rk_live_"))


@rule
def secret_key_is_missing() -> bool:
    """SECRET_KEY is not set: name a file that holds it in SECRET_KEY_FILE."""
    return not settings.DEBUG and settings.SECRET_KEY.startswith("insecure")


@rule
def ticket_key_is_shared() -> bool:
    """TICKET_KEY is SECRET_KEY: a change of the one would void every ticket sold."""
    return not _is_local(settings.SITE_URL) and settings.TICKET_KEY == settings.SECRET_KEY


@rule
def sealing_keys_are_missing_or_weak() -> bool:
    """SEALING_KEYS must be base64 of 32 random bytes each: deploy/make_secrets.py makes one. It
    seals endpoints' secrets, and what it sealed cannot be opened without it.
    """
    known = {settings.INSECURE_KEY} if settings.DEBUG else set()
    return not all(_is_random(key) for key in settings.SEALING_KEYS if key not in known)


def _is_random(key: str) -> bool:
    """32 bytes that are neither a sentence nor a pattern: of chance, one key in 2^32 is refused."""
    try:
        found = base64.urlsafe_b64decode(key)
    except ValueError:
        return False
    return len(found) == 32 and not found.isascii() and len(set(found)) > 16


@rule
def site_url_is_no_address() -> bool:
    """SITE_URL must be https://name or http://name, with a port if need be and no path."""
    site = urlsplit(settings.SITE_URL)
    return site.scheme not in {"http", "https"} or not site.netloc or bool(site.path)


@rule
def site_is_not_an_allowed_host() -> bool:
    """ALLOWED_HOSTS lacks the name in SITE_URL: every page would answer 400."""
    name = urlsplit(settings.SITE_URL).hostname or ""
    return not settings.DEBUG and not validate_host(name, settings.ALLOWED_HOSTS)


@rule
def redirects_to_https_for_ever() -> bool:
    """SSL_REDIRECT is on and BEHIND_PROXY off: the shop speaks http and would redirect for ever."""
    return settings.SECURE_SSL_REDIRECT and not settings.BEHIND_PROXY


@rule
def promises_https_over_http() -> bool:
    """SITE_URL is http, but SSL_REDIRECT or HSTS_SECONDS promise https."""
    promised = settings.SECURE_SSL_REDIRECT or settings.SECURE_HSTS_SECONDS
    return not settings.HTTPS and bool(promised)


@rule
def debug_in_public() -> bool:
    """DEBUG shows visitors settings and code: not with an https SITE_URL or a live payment key."""
    return settings.DEBUG and (settings.HTTPS or _is_live())


@rule
def live_key_elsewhere() -> bool:
    """PAYMENT_SECRET_KEY is a live key, but PAYMENT_API_BASE is not https://api.stripe.com."""
    return _is_live() and settings.PAYMENT_API_BASE.rstrip("/") != STRIPE


@rule
def live_key_with_test_cards() -> bool:
    """PAYMENT_SECRET_KEY is a live key, but PAYMENT_TEST_METHODS offers test cards."""
    return _is_live() and settings.PAYMENT_TEST_METHODS


@rule
def payment_key_is_missing() -> bool:
    """PAYMENT_SECRET_KEY is empty, or the sandbox's at https://api.stripe.com."""
    key = settings.PAYMENT_SECRET_KEY
    at_stripe = settings.PAYMENT_API_BASE.rstrip("/") == STRIPE
    return not key or (at_stripe and key == "sk_test_halyard")


@rule
def demo_login_in_public() -> bool:
    """DEMO_PASSWORD opens the admin: only beside the sandbox, with test cards and no live key."""
    at_home = settings.PAYMENT_TEST_METHODS or _is_local(settings.SITE_URL)
    return bool(settings.DEMO_PASSWORD) and (_is_live() or not at_home)


@rule
def webhooks_cannot_be_signed() -> bool:
    """PARTNER_WEBHOOK_SECRET must be whsec_ and base64, not the default at a real PARTNER_URL."""
    if not settings.PARTNER_URL:
        return False
    kind, _, secret = settings.PARTNER_WEBHOOK_SECRET.partition("_")
    try:
        key = base64.b64decode(secret, validate=True)
    except binascii.Error:
        return True
    known = key.startswith(b"insecure") and not _is_local(settings.PARTNER_URL)
    return kind != "whsec" or not key or known


@rule
def notices_cannot_be_checked() -> bool:
    """PAYMENT_WEBHOOK_SECRET must be whsec_ and at least eight letters, for each of those that are
    separated by commas: it is what the provider's notices are known by.
    """
    secrets = settings.PAYMENT_WEBHOOK_SECRETS
    return any(not each.startswith("whsec_") or len(each) < 14 for each in secrets)


@rule
def payment_key_is_none() -> bool:
    """PAYMENT_SECRET_KEY must begin with sk_ or rk_ and be one word."""
    key = str(settings.PAYMENT_SECRET_KEY)
    return bool(key) and not (key.startswith(("sk_", "rk_")) and key.isascii() and " " not in key)


@rule
def storage_is_missing() -> bool:
    """MEDIA_STORAGE names no class that can be imported."""
    try:
        import_string(settings.STORAGES["default"]["BACKEND"])
    except ImportError:
        return True
    return False


@rule
def webhooks_into_the_house() -> bool:
    """WEBHOOK_PRIVATE_HOSTS lets webhooks into our own network: not with an https SITE_URL or a
    live payment key.
    """
    return bool(settings.WEBHOOK_PRIVATE_HOSTS) and (settings.HTTPS or _is_live())


@rule
def broker_is_unknown() -> bool:
    """BROKER_URL must begin with redis, rediss, redis+socket, sentinel, amqp, amqps or sqs."""
    return urlsplit(settings.BROKER_URL).scheme not in BROKERS


@rule
def database_is_not_postgresql() -> bool:
    """DATABASE_URL must begin with postgresql: the ledger stands on its locks."""
    return bool(settings.DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql")


@rule
def a_service_has_no_address() -> bool:
    """Each of *_URL for PRINT_ROOM, WAREHOUSE, BOX_OFFICE, ANALYTICS, CRM, AUDIT_ARCHIVE, and
    SMTP_HOST, must be set.
    """
    addresses = [getattr(settings, f"{name}_URL") for name in SERVICES]
    return not all(urlsplit(each).hostname for each in addresses) or not settings.EMAIL_HOST


@rule
def mail_comes_from_nowhere() -> bool:
    """MAIL_FROM must be an address that can be mailed, with or without a name before it."""
    whole: str = settings.DEFAULT_FROM_EMAIL
    return _is_no_mailbox(parseaddr(whole)[1]) or not whole.isprintable()


@rule
def staff_cannot_be_mailed() -> bool:
    """STAFF_EMAIL must be an address that can be mailed, without a name."""
    return _is_no_mailbox(settings.STAFF_EMAIL)


def _is_no_mailbox(address: str) -> bool:
    try:
        on_the_wire(address, at_home=True)
    except NotAnAddress:
        return True
    return False


@rule
def no_hint_is_ever_given() -> bool:
    """HINTS_AHEAD must be at least 1: no work would ever begin."""
    return bool(settings.HINTS_AHEAD < 1)
