"""Where a mail's bounce goes: an address that names the mail (VERP), so that no text is guessed at.

`bounces+7-7kq2m9xv.4711.3f9a0c12de@shop.example` is signed: nobody else makes one up. With `off-`
behind the `+` it is where its reader's program writes to that they want no more of it (RFC 2369);
whoever knows the one address does not know the other.
"""

import re
from email.utils import parseaddr

from django.conf import settings
from django.utils.crypto import salted_hmac

from accounts.mailboxes import on_the_wire
from notifications.models import Campaign, Recipient

SIGNED = 10
BOUNCE, LEAVE = "", "off-"
SALTS = {BOUNCE: "campaign.bounce", LEAVE: "campaign.leave"}
VERP = re.compile(r"\+(off-|)(\d{1,18})-([0-9a-z]+)\.(\d{1,9})\.([0-9a-f]{10})@", re.IGNORECASE)


def return_path(campaign: Campaign, number: int) -> str:
    """Of the campaign's mail of this number. MAIL_FROM's own where no BOUNCE_ADDRESS is set."""
    if not settings.BOUNCE_ADDRESS:
        return on_the_wire(parseaddr(settings.DEFAULT_FROM_EMAIL)[1], at_home=True)
    return _address(BOUNCE, campaign, number)


def leaving_address(campaign: Campaign, number: int) -> str:
    """A mail to it ends the subscription; empty where no mailbox is read."""
    return _address(LEAVE, campaign, number) if settings.BOUNCE_ADDRESS else ""


def recipient_of(address: str) -> Recipient | None:
    """Whose mail has come back; None for an address that we have not made."""
    return _named(BOUNCE, address)


def who_leaves_by(address: str) -> Recipient | None:
    """Who wants no more of it; None for an address that we have not made."""
    return _named(LEAVE, address)


def _address(kind: str, campaign: Campaign, number: int) -> str:
    mailbox, _, domain = settings.BOUNCE_ADDRESS.rpartition("@")
    named = f"{campaign.reference}.{number}"
    whole = f"{mailbox}+{kind}{named}.{_signature(kind, named)}@{domain}"
    return on_the_wire(whole, at_home=True)


def _named(kind: str, address: str) -> Recipient | None:
    found = VERP.search(address)
    if found is None or found[1].lower() != kind:
        return None
    _, key, tag, number, signature = found.groups()
    named = f"{key}-{tag.lower()}.{number}"
    if signature.lower() != _signature(kind, named):
        return None
    rows = Recipient.objects.filter(campaign=int(key), campaign__tag=tag.lower(), number=number)
    return rows.select_related("campaign").first()


def _signature(kind: str, named: str) -> str:
    return salted_hmac(SALTS[kind], named, algorithm="sha256").hexdigest()[:SIGNED]
