"""By HTTP, to the settings' provider: one connection for a chunk, and a request for each mail."""

from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from notifications.campaigns.answers import (
    Busy,
    HungUp,
    NothingFromUs,
    NotNow,
    NotThisAddress,
    NotThisMail,
    Unheard,
)
from notifications.campaigns.lines.line import Message
from notifications.providers.meanings import ATTEMPT
from notifications.providers.postmark import MAIL
from notifications.providers.verdicts import NotAccepted, Verdict

KINDS: dict[Verdict, Callable[[str], Exception]] = {
    Verdict.ADDRESS: NotThisAddress,
    Verdict.MAIL: NotThisMail,
    Verdict.LATER: NotNow,
    Verdict.US: NothingFromUs,
    Verdict.UNREACHED: HungUp,
    Verdict.UNHEARD: Unheard,
}
# What a provider writes itself, or is told apart from the headers.
NOT_TOLD = {"subject", "from", "to", "date", "mime-version", "content-type"}


class HttpLine:
    """A mail's own name goes along: the provider's notices and its log know the mail by it."""

    def __init__(self) -> None:
        self._backend: Any = None

    def hand_over(self, message: Message) -> None:
        """As `Line` says."""
        if self._backend is None:
            stream = settings.MAIL_PROVIDER.stream
            self._backend = get_connection(settings.CAMPAIGN_BACKEND, stream=stream)
            self._backend.open()
        try:
            self._backend.send_messages([told(message)])
        except NotAccepted as error:
            if error.verdict is Verdict.BUSY:
                raise Busy(str(error), seconds=error.seconds) from error
            raise KINDS[error.verdict](str(error)) from error

    def close(self) -> None:
        """As `Line` says."""
        backend, self._backend = self._backend, None
        if backend is not None:
            backend.close()


def told(message: Message) -> EmailMultiAlternatives:
    """The same mail in its parts. Where its bounces go is the provider's to say."""
    read = message_from_bytes(message.raw, EmailMessage, policy=default)
    mail = EmailMultiAlternatives(
        subject=str(read["Subject"]),
        body=_part(read, "plain"),
        from_email=str(read["From"]),
        to=[str(read["To"])],
        headers={name: str(value) for name, value in read.items() if name.lower() not in NOT_TOLD},
    )
    mail.attach_alternative(_part(read, "html"), "text/html")
    named = {MAIL: message.key, ATTEMPT: str(message.attempt)}
    mail.metadata = named  # type: ignore[attr-defined]  # anymail's
    return mail


def _part(read: EmailMessage, kind: str) -> str:
    found = read.get_body((kind,))
    return str(found.get_content()) if found else ""
