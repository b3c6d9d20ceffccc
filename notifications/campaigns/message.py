"""One recipient's mail: the campaign's words, who is to get it, and how they get no more of it.

One click ends the subscription (RFC 8058), in the mailbox provider's own button as in the link. The
headers are List-* (RFC 2369, 2919); DKIM is the mail server's, and has to cover them.
"""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from urllib.parse import urlsplit

from django.conf import settings

from notifications.campaigns.lines.line import Message
from notifications.campaigns.recipients import Claimed
from notifications.campaigns.return_path import leaving_address, return_path
from notifications.campaigns.writing import with_link
from notifications.gateway import message_id, sender
from notifications.models import Campaign
from notifications.newsletter.tokens import leave_address

# Nobody's server has to understand 8BITMIME.
POLICY = SMTP.clone(cte_type="7bit")


def message_for(campaign: Campaign, one: Claimed) -> Message:
    """As it goes over the wire, the same at every try but for its date."""
    link = leave_address(one.address, one.id)
    key = f"campaign:{campaign.reference}:{one.number}"
    mail = EmailMessage(POLICY)
    mail["Subject"] = campaign.title
    mail["From"] = sender()
    mail["To"] = addressed(one.name, one.address)
    mail["Date"] = formatdate(localtime=False)
    mail["Message-ID"] = message_id(key)
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail["List-ID"] = f"Halyard's newsletter <newsletter.{urlsplit(settings.SITE_URL).hostname}>"
    mail["Precedence"] = "bulk"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(with_link(campaign.text, link), cte="quoted-printable")
    mail.add_alternative(with_link(campaign.html, link), subtype="html", cte="quoted-printable")
    # By hand: the package folds what is long into encoded words, which nobody reads as a link.
    mailbox = leaving_address(campaign, one.number)
    ways = f"<{link}>,\r\n <mailto:{mailbox}>" if mailbox else f"<{link}>"
    raw = f"List-Unsubscribe: {ways}\r\n".encode("ascii") + mail.as_bytes()
    return Message(sender=return_path(campaign, one.number), to=one.address, raw=raw, key=key)


def addressed(name: str, address: str) -> Address | str:
    """`Ada <ada@example.org>`. A name cannot end its header, whoever wrote it into the row."""
    shown = "".join(sign if sign.isprintable() else " " for sign in name)
    return Address(" ".join(shown.split()), addr_spec=address)
