"""Django's way to send mails, to a provider. Anymail speaks; here is what came of it."""

from collections.abc import Sequence
from typing import Any

import requests
from anymail.exceptions import (
    AnymailError,
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
    AnymailSerializationError,
)
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.module_loading import import_string

from notifications.providers import postmark
from notifications.providers.answers import of_answer, of_silence
from notifications.providers.sessions import TIMEOUT, Bounded
from notifications.providers.verdicts import NotAccepted, Verdict

# What anymail calls the key.
KEYS = {"brevo": "api_key", "mailtrap": "api_token", "postmark": "server_token"}
TAKEN = {"sent", "queued"}
# Of what anymail itself does not pass on. The rest is of every mail of ours.
OF_THE_MAIL = (AnymailInvalidAddress, AnymailSerializationError)


class EmailBackend(BaseEmailBackend):
    """The settings' provider. `stream`: Postmark's, for what is not its usual kind of mail."""

    def __init__(self, *, stream: str = "", **_: Any) -> None:
        super().__init__()
        provider = settings.MAIL_PROVIDER
        self.name: str = provider.name
        terms = {KEYS[self.name]: provider.key, "timeout": TIMEOUT}
        if provider.url:
            terms["api_url"] = provider.url
        if stream and self.name == "postmark":
            terms["message_stream"] = stream
        self._anymail = import_string(f"anymail.backends.{self.name}.EmailBackend")(**terms)

    def open(self) -> bool:
        """Whether it was not open."""
        if self._anymail.session is not None:
            return False
        self._anymail.session = Bounded()
        return True

    def close(self) -> None:
        """Its connection, if there is one."""
        self._anymail.close()

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Have each taken, each for one person. NotAccepted for the first that is not."""
        is_ours = self.open()
        try:
            for each in email_messages:
                self._send(each)
        finally:
            if is_ours:
                self.close()
        return len(email_messages)

    def _send(self, message: EmailMessage) -> None:
        if self.name == "postmark":
            message.extra_headers.update(postmark.HEADERS)
        try:
            self._anymail.send_messages([message])
        except AnymailError as error:
            raise self._of_error(error) from error
        told = message.anymail_status  # type: ignore[attr-defined]  # anymail's
        if not (told.status and told.status <= TAKEN):
            raise of_answer(self.name, told.esp_response)

    def _of_error(self, error: AnymailError) -> NotAccepted:
        answer = error.response
        if isinstance(error, AnymailRecipientsRefused):
            said = f"{self.name} refused the address: {answer.text[:200]}"
            return NotAccepted(Verdict.ADDRESS, said)
        if answer is not None:
            return of_answer(self.name, answer)
        if isinstance(error, requests.RequestException):
            return of_silence(self.name, error)
        verdict = Verdict.MAIL if isinstance(error, OF_THE_MAIL) else Verdict.US
        return NotAccepted(verdict, f"{self.name} cannot be given it: {error}")
