"""A mail is handed to the server, and kept as it was sent."""

from datetime import timedelta

from django.db.models.functions import Now

from deferral.events import DomainEvent, publish
from deferral.relay.retention import BATCH, KEPT_DAYS
from deferral.tasks import finishing
from notifications.gateway import Mail, recipient, send_mail
from notifications.models import SentMail


def deliver(mail: Mail, about: str, *facts: DomainEvent) -> None:
    """Send it; then keep it as sent, and announce what follows, in one commit with `done`."""
    send_mail(mail)
    attachments = [{"filename": a.filename, "size": len(a.content)} for a in mail.attachments]
    with finishing():
        SentMail.objects.create(
            key=mail.key,
            about=about,
            to=recipient(mail),
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
            attachments=attachments,
        )
        for fact in facts:
            publish(fact, subject=about)


def forget_mails() -> int:
    """Delete what was sent longer ago than the ledger remembers; return how many."""
    old = SentMail.objects.filter(sent_at__lt=Now() - timedelta(days=KEPT_DAYS)).order_by("sent_at")
    total = 0
    while count := SentMail.objects.filter(pk__in=old.values("pk")[:BATCH]).delete()[0]:
        total += count
    return total
