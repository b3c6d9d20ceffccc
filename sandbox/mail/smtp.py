"""The SMTP side: faults and refusals are told after DATA, when the subject is known."""

import asyncio
import logging

from aiosmtpd.smtp import SMTP, Envelope, Session

from sandbox.context import Context
from sandbox.faults import Dropped, Refused, cut, enter, leave
from sandbox.mail.mailbox import Mailbox
from sandbox.mail.message import MailMessage, read_mail

log = logging.getLogger("sandbox")

_LARGEST = 25 * 1024 * 1024  # what large mailbox providers take
_BOUNCED = "550 5.1.1 No such mailbox"
_DEFERRED = "451 4.7.1 Greylisted, come again later"
_DISTURBED = "451 4.3.0 The mail server is in trouble, come again later"
_REJECTED = "550 5.7.1 The mail server does not want this"
_OUR_FAULT = 500


class MailServer:
    """aiosmtpd's handler. A client that hangs up during the latency changes nothing."""

    def __init__(self, context: Context) -> None:
        self._scene = context
        self._mailbox = Mailbox(context.store, context.journal)
        self._at_work: set[asyncio.Task[str]] = set()

    async def handle_DATA(  # noqa: N802 aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Answer one message."""
        transport = server.transport
        work = asyncio.create_task(self._take(transport, envelope))
        self._at_work.add(work)
        work.add_done_callback(self._done)
        try:
            return await asyncio.shield(work)
        except Dropped:
            cut(transport)
            return "421 4.3.0 Goodbye"

    def _done(self, work: asyncio.Task[str]) -> None:
        # Looking at the exception tells asyncio that it was seen, when the client had left.
        self._at_work.discard(work)
        if not work.cancelled() and isinstance(work.exception(), Dropped):
            log.info("mail connection dropped")

    async def handle_exception(self, error: Exception) -> str:
        """Answer a bug of ours as something to retry, never as a bounce."""
        log.error("mail failed", exc_info=error)
        return _DISTURBED

    async def _take(self, transport: asyncio.BaseTransport | None, envelope: Envelope) -> str:
        raw = bytes(envelope.original_content or b"")
        mail = read_mail(raw)
        try:
            mode = await enter(
                self._scene.faults, "mail", lambda: transport is None or transport.is_closing()
            )
        except Refused as refusal:
            return self._refuse(mail, _DISTURBED if refusal.status >= _OUR_FAULT else _REJECTED)
        await asyncio.sleep(self._scene.settings.latency("mail"))
        objection = _objection(envelope.rcpt_tos)
        if objection:
            return self._refuse(mail, objection)
        new = self._mailbox.deliver(mail, envelope.rcpt_tos, raw)
        log.info("mail %s %s", mail.subject, "accepted" if new else "repeat")
        leave(mode)
        return "250 2.0.0 Accepted"

    def _refuse(self, mail: MailMessage, reply: str) -> str:
        self._scene.journal.refuse("mail", mail.parcel)
        log.info("mail %s refused: %s", mail.subject, reply)
        return reply


def _objection(recipients: list[str]) -> str:
    """Refuse by the recipient's name: `bounce@` for good, `defer@` for now (also `bounce+x@`)."""
    names = {address.partition("@")[0].partition("+")[0].lower() for address in recipients}
    if "bounce" in names:
        return _BOUNCED
    return _DEFERRED if "defer" in names else ""


def make_protocol(mail_server: MailServer) -> SMTP:
    """One SMTP session."""
    return SMTP(
        mail_server,
        data_size_limit=_LARGEST,
        enable_SMTPUTF8=True,
        hostname="mail.sandbox.invalid",
        ident="Halyard sandbox",
        loop=asyncio.get_running_loop(),
    )
