"""Servers and external services: each can be reached, and is given work."""

from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings

from accounts.errors import NotAnAddress
from accounts.mailboxes import on_the_wire
from config.contradictions.rules import is_live, rule

BROKERS = {"redis", "rediss", "redis+socket", "sentinel", "amqp", "amqps", "pyamqp", "sqs"}
SERVICES = (
    "PRINT_ROOM",
    "WAREHOUSE",
    "BOX_OFFICE",
    "ANALYTICS",
    "CRM",
    "AUDIT_ARCHIVE",
)


@rule
def webhooks_into_the_house() -> bool:
    """WEBHOOK_PRIVATE_HOSTS lets webhooks into our own network: not with an https SITE_URL or a
    live payment key.
    """
    return bool(settings.WEBHOOK_PRIVATE_HOSTS) and (settings.HTTPS or is_live())


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
def no_model_drafts() -> bool:
    """AI_URL needs AI_MODEL, which names what is asked there, and AI_KEY."""
    return bool(settings.AI_URL) and not (settings.AI_MODEL and is_header(settings.AI_KEY))


@rule
def nobody_pays_for_sms() -> bool:
    """SMS_URL needs SMS_KEY."""
    return bool(settings.SMS_URL) and not is_header(settings.SMS_KEY)


def is_header(key: str) -> bool:
    """Whether it can stand in a header: it is there, in ASCII, and of one line."""
    return bool(key) and key.isascii() and key.isprintable()


@rule
def mail_comes_from_nowhere() -> bool:
    """MAIL_FROM must be an address that can be mailed, with or without a name before it."""
    whole: str = settings.DEFAULT_FROM_EMAIL
    return _is_no_mailbox(parseaddr(whole)[1]) or not whole.isprintable()


@rule
def staff_cannot_be_mailed() -> bool:
    """STAFF_EMAIL must be an address that can be mailed, without a name."""
    return _is_no_mailbox(settings.STAFF_EMAIL)


@rule
def bounces_come_back_nowhere() -> bool:
    """BOUNCE_ADDRESS must be an address that can be mailed, with at most 20 letters before the @,
    or empty.
    """
    address: str = settings.BOUNCE_ADDRESS
    return bool(address) and (_is_no_mailbox(address) or len(address.rpartition("@")[0]) > 20)


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


@rule
def threads_serve_a_queue_that_is_unknown() -> bool:
    """DEFERRAL_THREAD_QUEUES must be some of DEFERRAL_QUEUES."""
    return not set(settings.DEFERRAL_THREAD_QUEUES) <= set(settings.DEFERRAL_QUEUES)


@rule
def nothing_can_run_alone() -> bool:
    """DEFERRAL_ISOLATION_QUEUE must be one of DEFERRAL_QUEUES, and none of DEFERRAL_THREAD_QUEUES.

    A job that may have killed its process runs there, in a child of its own.
    """
    children = set(settings.DEFERRAL_QUEUES) - set(settings.DEFERRAL_THREAD_QUEUES)
    return settings.DEFERRAL_ISOLATION_QUEUE not in children
