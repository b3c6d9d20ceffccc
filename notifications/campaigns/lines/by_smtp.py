"""By SMTP, to the settings' mail server."""

import re
import smtplib
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.core.mail import get_connection

from deferral.external.deadlines import watch
from notifications.campaigns import answers
from notifications.campaigns.answers import HungUp, NotTaken, Unheard
from notifications.campaigns.lines.line import Message

if TYPE_CHECKING:
    from django.core.mail.backends.smtp import EmailBackend

GO_AHEAD = 354
BROKEN = (smtplib.SMTPException, OSError)


class SmtpLine:
    """One connection, kept over mails and refusals."""

    def __init__(self) -> None:
        self._backend: EmailBackend | None = None

    def close(self) -> None:
        """As `Line` says."""
        backend, self._backend = self._backend, None
        if backend is None:
            return
        with suppress(*BROKEN):
            if backend.connection is not None and backend.connection.sock is not None:
                watch(backend.connection.sock)
            backend.close()

    def hand_over(self, message: Message) -> None:
        """As `Line` says."""
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
        backend = self._backend = cast("EmailBackend", get_connection(settings.CAMPAIGN_BACKEND))
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
