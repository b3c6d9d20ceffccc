"""One SMTP connection for the mails of a chunk. Each mail has forty seconds in all.

It tells apart what was certainly not taken from what nobody knows: a server that had the whole mail
and then said nothing may deliver it.
"""

import re
import smtplib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from django.core.mail import get_connection

from deferral.crashpoints import crashpoint
from deferral.external.breakers import calling
from deferral.external.deadlines import deadline, watch
from deferral.external_services import external_service
from deferral.failure_kinds import FailureKind
from notifications.campaigns import answers
from notifications.campaigns.answers import HungUp, NotTaken, Unheard

if TYPE_CHECKING:
    from django.core.mail.backends.smtp import EmailBackend

# A breaker of its own: what a provider says of many mails must not hold back one that somebody
# waits for.
CAMPAIGN_MAIL = external_service("campaign mail")
# Seconds: for one mail, and for a goodbye.
DEADLINE, GOODBYE = 40.0, 5.0
GO_AHEAD = 354
BROKEN = (smtplib.SMTPException, OSError)


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """One mail as it goes over the wire. `sender` is where its bounce goes."""

    sender: str
    to: str
    raw: bytes


class Connection:
    """It is opened with the first mail. `taken` counts the mails that it has carried."""

    def __init__(self) -> None:
        self._backend: EmailBackend | None = None
        self.taken = 0

    def send(self, message: Message) -> None:
        """Have the server take it. NotTaken in its kinds, or Unheard; Snooze while nobody asks it.

        After HungUp and Unheard it is closed; the next mail opens it anew.
        """
        with calling(CAMPAIGN_MAIL) as call:
            crashpoint("about_to_mail_many")
            try:
                with deadline(DEADLINE):
                    self._hand_over(message)
            except (HungUp, Unheard) as error:
                call.failed(str(error), FailureKind.SILENT)
                self.close()
                raise
            except NotTaken:
                call.answered()
                raise
            crashpoint("one_of_many_accepted")
        self.taken += 1

    def close(self) -> None:
        """Say goodbye, if anybody listens."""
        backend, self._backend, self.taken = self._backend, None, 0
        if backend is None:
            return
        with deadline(GOODBYE), suppress(*BROKEN):
            if backend.connection is not None and backend.connection.sock is not None:
                watch(backend.connection.sock)
            backend.close()

    def _hand_over(self, message: Message) -> None:
        smtp, leave = self._opened()
        try:
            _converse(smtp, message)
        except HungUp:
            raise
        except NotTaken:
            with suppress(*BROKEN):
                smtp.rset()
            raise
        finally:
            leave()

    def _opened(self) -> tuple[smtplib.SMTP, Callable[[], None]]:
        """The open connection, and what ends that this mail's deadline watches it."""
        smtp = self._backend.connection if self._backend else None
        if smtp is not None and smtp.sock is not None:
            return smtp, watch(smtp.sock)
        self.close()
        backend = self._backend = cast("EmailBackend", get_connection())
        try:
            backend.open()  # watched from its first byte
            assert backend.connection is not None  # noqa: S101 - it does not fail silently
            backend.connection.ehlo_or_helo_if_needed()
        except BROKEN as error:
            raise answers.of_opening(error) from error
        return backend.connection, _nothing


def _converse(smtp: smtplib.SMTP, message: Message) -> None:
    try:
        _insist(answers.of_sender(*smtp.mail(message.sender)))
        _insist(answers.of_recipient(*smtp.rcpt(message.to)))
        code, said = smtp.docmd("DATA")
    except BROKEN as error:
        msg = f"the mail server hung up: {type(error).__name__}"
        raise HungUp(msg) from error
    if code != GO_AHEAD:
        _insist(answers.of_message(code, said) or HungUp(answers.words(code, said)))
    try:
        smtp.send(re.sub(rb"(?m)^\.", b"..", message.raw) + b"\r\n.\r\n")
        code, said = smtp.getreply()
    except BROKEN as error:
        msg = f"the mail server had it all, then {type(error).__name__}"
        raise Unheard(msg) from error
    _insist(answers.of_message(code, said))


def _insist(refusal: NotTaken | None) -> None:
    if refusal is not None:
        raise refusal


def _nothing() -> None:
    """What was watched when it was made need not be left alone."""
