"""From an address that somebody typed to what a mail says."""

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from accounts.events import LoginLinkRequested
from accounts.login_links.digests import digest_of_browser, digest_of_code, digest_of_secret
from accounts.login_links.turns import take_turn
from accounts.models import LoginLink, User, forget_asked
from deferral.events import publish

log = structlog.get_logger(__name__)

# From when the mail is made until neither link nor code lets anybody in.
WORKS_FOR = timedelta(minutes=15)
# After an outage of the mail server that is longer, whoever asked has gone, or asked again.
MAILED_WITHIN = timedelta(hours=1)
DIGITS = 6
KEPT = timedelta(days=1)
BATCH = 5_000


class Reader(StrEnum):
    """To whom the mail is written."""

    KNOWN = "known"
    NEW = "new"
    STAFF = "staff"


@dataclass(frozen=True, kw_only=True, slots=True)
class LoginMail:
    """What the mail says. `secret` and `code` are nowhere else, and empty for staff. `number`: how
    many mails this request has had, with this one.
    """

    address: str
    subject: str
    reader: Reader
    number: int
    secret: str = ""
    code: str = ""


@transaction.atomic
def ask(*, address: str, browser: str, limited: bool) -> None:
    """Have a mail sent. The same statements whoever has the address, also where it is too often.

    `browser`: a secret that only the browser has which asks, new for each request.
    """
    link = LoginLink.objects.create(
        address=address, browser=digest_of_browser(browser), limited=limited
    )
    publish(LoginLinkRequested(link_id=link.pk), subject=link.subject)


@transaction.atomic
def prepare_mail(*, link_id: int) -> LoginMail | None:
    """Make the secrets of a mail that is about to be sent. None where no mail is to be sent.

    Earlier requests of this address end. Called again it makes new secrets, and the old ones are
    dead: of two mails the later one works. Tries of codes count on: that they began anew would tell
    whoever types in somebody's address that a mail was made.
    """
    link = _in_turn(link_id)
    if link is None:
        return None
    user = User.objects.filter(email=link.address).first()
    if why := _why_not(link, user):
        log.info("login_mail_not_sent", link=link.tag, reason=why)
        return None
    mail = _mail(link, user)
    mine = LoginLink.objects.filter(pk=link.pk)
    mine.update(mails=mail.number)
    if mail.reader is not Reader.STAFF:
        LoginLink.objects.armed(link.address).update(secret="", code="")
        mine.update(
            secret=digest_of_secret(mail.secret),
            code=digest_of_code(mail.code, browser=link.browser),
            expires_at=Now() + WORKS_FOR,
        )
    return mail


def forget_links() -> int:
    """Delete those of yesterday; return how many. Safe to repeat."""
    return forget_asked(LoginLink, kept=KEPT, batch=BATCH)


def _in_turn(link_id: int) -> LoginLink | None:
    """As it is once nobody else is at its address; None where it is gone: it leaves after a day."""
    for address in LoginLink.objects.filter(pk=link_id).values_list("address", flat=True):
        take_turn(address)
    return LoginLink.objects.filter(pk=link_id).first()


def _why_not(link: LoginLink, user: User | None) -> str:
    """Why no mail is sent; "" where one is."""
    reasons = {
        "used already": link.used_at is not None,
        "asked too long ago": link.asked_at < timezone.now() - MAILED_WITHIN,
        "nobody has this address": user is None and not settings.LOGIN_MAIL_UNKNOWN,
        "not active": user is not None and not user.is_active,
        "asked again since": _is_asked_again(link),
    }
    return next((why for why, holds in reasons.items() if holds), "")


def _is_asked_again(link: LoginLink) -> bool:
    later = LoginLink.objects.filter(address=link.address, limited=False, pk__gt=link.pk)
    return later.exists()


def _mail(link: LoginLink, user: User | None) -> LoginMail:
    known = LoginMail(
        address=link.address,
        subject=link.subject,
        reader=Reader.NEW if user is None else Reader.KNOWN,
        number=link.mails + 1,
    )
    if user is not None and user.is_staff:
        return replace(known, reader=Reader.STAFF)
    return replace(
        known,
        secret=secrets.token_urlsafe(32),
        code=f"{secrets.randbelow(10**DIGITS):0{DIGITS}}",
    )
