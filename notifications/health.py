"""Do the external services answer? One line each in `manage.py doctor`."""

import socket
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from django.conf import settings

from audit.gateway import AUDIT_ARCHIVE
from contact.drafting.gateway import AI_SERVICE
from deferral.health import Finding, health_check
from notifications.gateway import ANALYTICS, CRM
from notifications.sms import SMS_SERVICE
from orders.payments.provider.gateway import PROVIDER
from shop.gateway import BOX_OFFICE, PRINT_ROOM, WAREHOUSE

TIMEOUT = 2.0


@health_check
def check_services() -> Iterable[Finding]:
    """Whether something listens at each service's address. Work for one that does not waits.

    Endpoints' are not tried: somebody typed them in, and `webhooks.outbound` alone calls what
    nobody of us has chosen. How each is, its own page says.
    """
    for name, url in addresses().items():
        yield _knock(name, url)
    provider = settings.MAIL_PROVIDER
    if not (provider.mails and provider.campaigns):
        yield _knock("mail", f"smtp://{settings.EMAIL_HOST}:{settings.EMAIL_PORT}")
    if provider.url:
        yield _knock("mail provider", provider.url)


def addresses() -> Mapping[str, str]:
    """Every external service of the settings we speak HTTP to, and where."""
    return {
        PROVIDER: settings.PAYMENT_API_BASE,
        PRINT_ROOM: settings.PRINT_ROOM_URL,
        WAREHOUSE: settings.WAREHOUSE_URL,
        BOX_OFFICE: settings.BOX_OFFICE_URL,
        ANALYTICS: settings.ANALYTICS_URL,
        CRM: settings.CRM_URL,
        AUDIT_ARCHIVE: settings.AUDIT_ARCHIVE_URL,
        **{name: url for name, url in _of_some().items() if url},
    }


def _of_some() -> dict[str, str]:
    """Those that a shop may do without."""
    return {AI_SERVICE: settings.AI_URL, SMS_SERVICE: settings.SMS_URL}


def _knock(name: str, url: str) -> Finding:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    where = f"{parts.hostname}:{port}"
    try:
        socket.create_connection((parts.hostname or "", port), timeout=TIMEOUT).close()
    except OSError as error:
        return Finding(name=name, well=False, detail=f"{where}: {error.strerror or error}")
    return Finding(name=name, well=True, detail=where)
