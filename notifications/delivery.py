"""A mail is handed to the server, and kept as it was sent."""

from collections.abc import Callable
from datetime import timedelta

import structlog
from django.db.models import Model
from django.db.models.functions import Now

from deferral.events import DomainEvent, publish
from deferral.relay.retention import BATCH, KEPT_DAYS
from deferral.tasks import finishing
from notifications.gateway import Mail, recipient, send_mail
from notifications.models import SentMail, SentSms
from notifications.outcomes.not_deliverable import NotDeliverable

log = structlog.get_logger(__name__)

# In place of what was only for the reader.
HIDDEN = "[not kept]"


def deliver(
    mail: Mail, about: str, *facts: DomainEvent, by: Callable[[Mail], None] | None = None
) -> None:
    """Send it; then keep it as sent, and announce what follows, in one commit with `done`.

    What lets its reader in is left out of what is kept. `by`: another way than that of the mails
    that somebody waits for.
    """
    (by or send_mail)(mail)
    attachments = [{"filename": a.filename, "size": len(a.content)} for a in mail.attachments]
    with finishing():
        SentMail.objects.create(
            key=mail.key,
            about=about,
            to=recipient(mail),
            subject=mail.subject,
            text=_without(mail.secrets, mail.text),
            html=_without(mail.secrets, mail.html),
            attachments=attachments,
        )
        for fact in facts:
            publish(fact, subject=about)


def deliver_if_taken(mail: Mail, about: str) -> None:
    """The same of a mail that anybody may have had sent to any address they typed in: one that is
    refused for good is no dead letter.
    """
    try:
        deliver(mail, about)
    except NotDeliverable as refusal:
        log.warning("mail_not_delivered", key=mail.key, reason=refusal.cause)


def _without(secrets: tuple[str, ...], text: str) -> str:
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return text


def forget_mails() -> int:
    """Delete mails and SMS that were sent longer ago than the ledger remembers; return how many."""
    return sum(map(_forget, (SentMail, SentSms)))


def _forget(sent: type[Model]) -> int:
    rows = sent._default_manager.all()  # noqa: SLF001 - documented
    old = rows.filter(sent_at__lt=Now() - timedelta(days=KEPT_DAYS)).order_by("sent_at")
    total = 0
    while count := rows.filter(pk__in=old.values("pk")[:BATCH]).delete()[0]:
        total += count
    return total
