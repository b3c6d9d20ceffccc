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
from notifications.gateway import Mail, message_id, recipient, sender
from notifications.models import Campaign
from notifications.newsletter.tokens import leave_address

# Nobody's server has to understand 8BITMIME.
POLICY = SMTP.clone(cte_type="7bit")
# Recipients are numbered from 1.
NOBODY = 0


def message_for(campaign: Campaign, one: Claimed) -> Message:
    """As it goes over the wire, the same at every try but for its date."""
    link = leave_address(one.address, one.id)
    key = f"campaign:{campaign.reference}:{one.number}"
    mail = _begun(campaign.title, to=addressed(one.name, one.address), key=key)
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail["List-ID"] = f"Halyard's newsletter <newsletter.{urlsplit(settings.SITE_URL).hostname}>"
    mail["Precedence"] = "bulk"
    _say(mail, text=with_link(campaign.text, link), html=with_link(campaign.html, link))
    # By hand: the package folds what is long into encoded words, which nobody reads as a link.
    mailbox = leaving_address(campaign, one.number)
    ways = f"<{link}>,\r\n <mailto:{mailbox}>" if mailbox else f"<{link}>"
    raw = f"List-Unsubscribe: {ways}\r\n".encode("ascii") + mail.as_bytes()
    path = return_path(campaign, one.number)
    return Message(sender=path, to=one.address, raw=raw, key=key, attempt=one.tries)


def trial_message(campaign: Campaign, trial: Mail) -> Message:
    """A draft's, to whoever writes it: nobody's subscription is in it."""
    to = recipient(trial)
    mail = _begun(trial.subject, to=addressed("", to), key=trial.key)
    _say(mail, text=trial.text, html=trial.html)
    path = return_path(campaign, NOBODY)
    return Message(sender=path, to=to, raw=mail.as_bytes(), key=trial.key)


def _begun(subject: str, *, to: Address | str, key: str) -> EmailMessage:
    mail = EmailMessage(POLICY)
    mail["Subject"] = subject
    mail["From"] = sender()
    mail["To"] = to
    mail["Date"] = formatdate(localtime=False)
    mail["Message-ID"] = message_id(key)
    mail["Auto-Submitted"] = "auto-generated"
    return mail


def _say(mail: EmailMessage, *, text: str, html: str) -> None:
    mail.set_content(text, cte="quoted-printable")
    mail.add_alternative(html, subtype="html", cte="quoted-printable")


def addressed(name: str, address: str) -> Address | str:
    """`Ada <ada@example.org>`. A name cannot end its header, whoever wrote it into the row."""
    shown = "".join(sign if sign.isprintable() else " " for sign in name)
    return Address(" ".join(shown.split()), addr_spec=address)
