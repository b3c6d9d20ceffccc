"""What `check --deploy` warns of: what may be meant, and is dangerous where anybody may come.

Each rule's docstring is the sentence a person then reads. What is wrong everywhere stands in
`contradictions`, and what Django knows, Django says.
"""

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings

from config.contradictions import SERVICES, Rule

EXPOSURES: list[Rule] = []
MIN_SECRET = 24
PLAIN = {"http", "redis", "amqp", "pyamqp"}


def exposure(rule: Rule) -> Rule:
    """Add a rule: a function that tells whether it is broken."""
    EXPOSURES.append(rule)
    return rule


def is_at_home(host: str) -> bool:
    """On this machine or in a network of ours: a private address, or a name without a dot."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith((".internal", ".local"))


def is_plain(url: str) -> bool:
    """Whether what is said there could be read on the way."""
    parts = urlsplit(url)
    return parts.scheme in PLAIN and not is_at_home(parts.hostname or "")


@exposure
def any_name_is_ours() -> bool:
    """ALLOWED_HOSTS has a *: a visitor's Host header would stand in our own addresses."""
    return "*" in settings.ALLOWED_HOSTS


@exposure
def passwords_may_be_tried_without_end() -> bool:
    """RATE_LIMITS is off: passwords and cards may be tried without end."""
    return not settings.RATE_LIMITS


@exposure
def mail_can_be_read() -> bool:
    """SMTP_TLS is off, and SMTP_HOST is not in our own network: mails, and SMTP_PASSWORD, can be
    read on the way.
    """
    return not settings.EMAIL_USE_TLS and not is_at_home(settings.EMAIL_HOST)


@exposure
def services_can_be_overheard() -> bool:
    """Each of PAYMENT_API_BASE, MAIL_PROVIDER_URL, FLOWER_URL, PARTNER_URL, and the *_URL of
    PRINT_ROOM, WAREHOUSE, BOX_OFFICE, ANALYTICS, CRM, AUDIT_ARCHIVE, AI, SMS, must be https where
    it leaves our own network.
    """
    names = (*SERVICES, "PARTNER", "FLOWER", "AI", "SMS")
    addresses = [getattr(settings, f"{name}_URL") for name in names]
    others = settings.PAYMENT_API_BASE, settings.MAIL_PROVIDER.url
    return any(is_plain(each) for each in (*others, *addresses))


@exposure
def files_can_be_read() -> bool:
    """BUCKET_URL must be https where it leaves our own network, and BUCKET_PUBLIC_URL wherever
    SITE_URL is: receipts and tickets pass there.
    """
    public = settings.FILES_ORIGIN
    insecure = settings.HTTPS and bool(public) and not public.startswith("https://")
    return is_plain(settings.BUCKET.endpoint) or is_plain(public) or insecure


@exposure
def broker_can_be_overheard() -> bool:
    """BROKER_URL leaves our own network without TLS: it must be rediss:// or amqps://."""
    return is_plain(settings.BROKER_URL)


@exposure
def cache_can_be_overheard() -> bool:
    """CACHE_URL leaves our own network without TLS: it must be rediss://."""
    return is_plain(settings.CACHE_URL)


@exposure
def database_can_be_overheard() -> bool:
    """DATABASE_URL leaves our own network without TLS: end it with ?sslmode=verify-full."""
    found = settings.DATABASES["default"]
    is_closed = found.get("OPTIONS", {}).get("sslmode") in {"require", "verify-ca", "verify-full"}
    host = str(found.get("HOST") or "")
    return not (is_closed or host.startswith("/") or is_at_home(host))


@exposure
def secrets_can_be_guessed() -> bool:
    """TICKET_KEY, PARTNER_WEBHOOK_SECRET and each PAYMENT_WEBHOOK_SECRET, PRINT_ROOM_WEBHOOK_SECRET
    and WAREHOUSE_WEBHOOK_SECRET need 24 letters or more: deploy/make_secrets.py makes some.
    """
    partner = [settings.PARTNER_WEBHOOK_SECRET] if settings.PARTNER_URL else []
    suppliers = [each for own in settings.SUPPLIER_WEBHOOK_SECRETS.values() for each in own]
    found = [settings.TICKET_KEY, *partner, *settings.PAYMENT_WEBHOOK_SECRETS, *suppliers]
    return any(len(each.removeprefix("whsec_")) < MIN_SECRET for each in found)
