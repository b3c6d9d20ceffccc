"""The post: one mail to one person, by SMTP. Not for campaigns.

At least once: a crash between the server's 250 and our commit sends a mail again. Its Message-ID
is the job's key, so that large providers fold the two, but plain SMTP promises nothing.
"""

import smtplib
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from deferral.crashpoints import crashpoint
from deferral.errors import Bury, Retry

# Of RFC 4954: authentication is missing or was not good enough, at whatever step it is said.
ABOUT_US = {530, 534, 535, 538}


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
    """Hand the mail to the server. Bury when it wants this recipient or message never, else Retry.

    A server that refuses *us* (its greeting, our password, our sender) refuses every mail until
    somebody mends the settings; burying would kill all that is waiting within a second.
    """
    crashpoint("about_to_mail")
    try:
        with closing(get_connection()) as connection:  # Django leaves one open that refused us
            connection.send_messages([_message(mail)])
    except smtplib.SMTPRecipientsRefused as error:
        _judge({code for code, _ in error.recipients.values()}, error)
    except smtplib.SMTPDataError as error:
        _judge({error.smtp_code}, error)
    except smtplib.SMTPResponseException as error:
        reason = f"the mail server refused us: {error}"[:300]
        raise Retry(reason, cause=f"the mail server refused us with {error.smtp_code}") from error
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


def _judge(codes: set[int], error: smtplib.SMTPException) -> None:
    reason = f"the mail server refused: {error}"[:300]
    cause = f"the mail server refused with {', '.join(map(str, sorted(codes)))}"
    if any(500 <= code < 600 for code in codes - ABOUT_US):
        raise Bury(reason, cause=cause) from error
    raise Retry(reason, cause=cause) from error
