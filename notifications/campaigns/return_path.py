"""Where a mail's bounce goes: an address that names the mail (VERP), so that no text is guessed at.

`bounces+7-7kq2m9xv.4711.3f9a0c12de@shop.example` is signed: nobody else makes one up.
"""

import re
from email.utils import parseaddr

from django.conf import settings
from django.utils.crypto import salted_hmac

from accounts.mailboxes import on_the_wire
from notifications.models import Campaign, Recipient

SIGNED = 10
VERP = re.compile(r"\+(\d{1,18})-([0-9a-z]+)\.(\d{1,9})\.([0-9a-f]{10})@", re.IGNORECASE)


def return_path(campaign: Campaign, number: int) -> str:
    """Of the campaign's mail of this number. MAIL_FROM's own where no BOUNCE_ADDRESS is set."""
    if not settings.BOUNCE_ADDRESS:
        return on_the_wire(parseaddr(settings.DEFAULT_FROM_EMAIL)[1], at_home=True)
    mailbox, _, domain = settings.BOUNCE_ADDRESS.rpartition("@")
    named = f"{campaign.reference}.{number}"
    return f"{mailbox}+{named}.{_signature(named)}@{domain}"


def recipient_of(address: str) -> Recipient | None:
    """Whose mail has come back; None for an address that we have not made."""
    found = VERP.search(address)
    if found is None:
        return None
    key, tag, number, signature = found.groups()
    named = f"{key}-{tag.lower()}.{number}"
    if signature.lower() != _signature(named):
        return None
    rows = Recipient.objects.filter(campaign=int(key), campaign__tag=tag.lower(), number=number)
    return rows.select_related("campaign").first()


def _signature(named: str) -> str:
    return salted_hmac("campaign.bounce", named, algorithm="sha256").hexdigest()[:SIGNED]
