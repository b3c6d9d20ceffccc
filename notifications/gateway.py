"""The mail server: one mail to one person, by SMTP, or by HTTP where the settings name a provider.

Not for campaigns. At least once: a crash between the server's 250 and our commit sends a mail
again. Its Message-ID is the job's key, so that large providers fold the two, but neither plain SMTP
nor a provider's HTTP promises anything.
"""

import smtplib
from contextlib import closing
from dataclasses import dataclass
from email.headerregistry import Address
from email.mime.image import MIMEImage
from email.utils import parseaddr
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from accounts.errors import NotAnAddress
from accounts.mailboxes import on_the_wire
from deferral.crashpoints import crashpoint
from deferral.external.breakers import calling
from deferral.external.deadlines import deadline
from deferral.external_services import external_service
from notifications.outcomes import by_http, by_smtp
from notifications.outcomes.not_deliverable import NotDeliverable
from notifications.providers.verdicts import NotAccepted

MAIL_SERVER, CRM, ANALYTICS = map(external_service, ("mail server", "CRM", "analytics"))

# Seconds for all of it; a task has sixty.
DEADLINE = 40.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """A PDF that travels with the mail."""

    filename: str
    content: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Inline:
    """A picture that the HTML shows as `cid:…`. `type` is what follows `image/`.

    It travels with the mail: nobody is asked for it, so that nobody learns who reads when.
    """

    cid: str
    type: str
    content: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """What to say to whom. `key` becomes the Message-ID. `secrets` are not kept.

    `reply_to`: an address that answers go to, where that is not the sender's; of the name that
    somebody typed nothing stands in a header. `auto_submitted` is what RFC 3834 calls the mail, so
    that no program answers it: empty for what a person wrote.
    """

    key: str
    to: str
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    pictures: tuple[Inline, ...] = ()
    secrets: tuple[str, ...] = ()
    reply_to: str = ""
    auto_submitted: str = "auto-generated"


def send_mail(mail: Mail) -> None:
    """Hand the mail to the server. Bury when it wants this message never, NotDeliverable when it
    wants this recipient never, else Retry.

    Forty seconds in all. What it has accepted by then is sent, however long its goodbye takes.

    A server that refuses *us* (its greeting, our password, our sender) refuses every mail until
    somebody mends the settings; burying would kill all that is waiting within a second.
    """
    message = _message(mail)
    with calling(MAIL_SERVER) as call:
        crashpoint("about_to_mail")
        with deadline(DEADLINE) as end:
            try:
                _hand_over(message)
            except NotAccepted as error:
                raise by_http.outcome(error, call) from error
            except (smtplib.SMTPException, OSError) as error:
                raise by_smtp.outcome(error, call, end, within=DEADLINE) from error
        crashpoint("mail_accepted")


def _hand_over(message: EmailMultiAlternatives) -> None:
    with closing(get_connection()) as connection:  # Django leaves one open that refused us
        connection.send_messages([message])


def message_id(key: str) -> str:
    """A key as a Message-ID (RFC 5322, 3.6.4), the same on every attempt."""
    return f"<{quote(key, safe='').replace('%', '.')}@{urlsplit(settings.SITE_URL).hostname}>"


def recipient(mail: Mail) -> str:
    """As it is on the wire, whoever wrote the row. NotDeliverable for what no server could take."""
    return _mailbox(mail.to)


def _mailbox(address: str) -> str:
    try:
        return on_the_wire(address, at_home=True)
    except NotAnAddress as error:
        reason = f"this address cannot be mailed: {error}"
        raise NotDeliverable(reason[:300], cause="an address that cannot be mailed") from error


def sender() -> str:
    """MAIL_FROM, its domain by the same rule: Django would write it by IDNA 2003."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return str(Address(name, addr_spec=on_the_wire(address, at_home=True)))


def _message(mail: Mail) -> EmailMultiAlternatives:
    headers = {"Message-ID": message_id(mail.key)}
    if mail.auto_submitted:
        headers["Auto-Submitted"] = mail.auto_submitted
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=sender(),
        to=[recipient(mail)],
        reply_to=[_mailbox(mail.reply_to)] if mail.reply_to else None,
        headers=headers,
    )
    message.attach_alternative(mail.html, "text/html")
    for attachment in mail.attachments:
        message.attach(attachment.filename, attachment.content, "application/pdf")
    for picture in mail.pictures:
        message.attach(_inline(picture))
    return message


def _inline(picture: Inline) -> MIMEImage:
    part = MIMEImage(picture.content, picture.type)
    part["Content-ID"] = f"<{picture.cid}>"
    part["Content-Disposition"] = "inline"
    return part
