"""The post: one mail to one person, by SMTP. Not for campaigns.

At least once: a crash between the server's 250 and our commit sends a mail again. Its Message-ID
is the job's key, so that large providers fold the two, but plain SMTP promises nothing.
"""

import smtplib
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from deferral.crashpoints import crashpoint
from deferral.errors import Bury, Retry


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """A PDF that travels with the mail."""

    filename: str
    content: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """What to say to whom. `key` becomes the Message-ID."""

    key: str
    to: str
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()


def post(mail: Mail) -> None:
    """Hand the mail to the server. Retry for a "not now"; Bury for a "never"."""
    try:
        _message(mail).send()
    except smtplib.SMTPRecipientsRefused as error:
        _judge([code for code, _ in error.recipients.values()], error)
    except smtplib.SMTPResponseException as error:
        _judge([error.smtp_code], error)
    except (smtplib.SMTPException, OSError) as error:
        reason = f"the mail server did not answer: {type(error).__name__}"
        raise Retry(reason) from error
    crashpoint("mail_accepted")


def message_id(key: str) -> str:
    """`order_confirmation:12` as a Message-ID (RFC 5322, 3.6.4), the same on every attempt."""
    return f"<{quote(key, safe='').replace('%', '.')}@{urlsplit(settings.SITE_URL).hostname}>"


def _message(mail: Mail) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        to=[mail.to],
        headers={"Message-ID": message_id(mail.key), "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(mail.html, "text/html")
    for attachment in mail.attachments:
        message.attach(attachment.filename, attachment.content, "application/pdf")
    return message


def _judge(codes: Iterable[int], error: smtplib.SMTPException) -> None:
    found = sorted(set(codes))
    reason = f"the mail server refused: {error}"[:300]
    cause = f"the mail server refused with {', '.join(map(str, found))}"
    if any(500 <= code < 600 for code in found):
        raise Bury(reason, cause=cause) from error
    raise Retry(reason, cause=cause) from error
