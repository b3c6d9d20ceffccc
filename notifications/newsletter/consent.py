"""What becomes of somebody's word about the newsletter. Each is safe to repeat."""

from django.db import connection, transaction
from django.db.models.functions import Now

from deferral.enqueueing import enqueue
from deferral.names import new_tag
from notifications.models import Recipient, same

# Whoever types in somebody else's address cannot fill their mailbox: one mail in so long.
SELDOM = 600.0
# After so many that nobody confirmed, one in so long.
FEW, HARDLY = 3, 7 * 86_400.0

# The same statement whether the address is known or not. What is confirmed stays so.
ASK = """
INSERT INTO notifications_subscription AS s (address, name, state, asked_at, asks)
VALUES (%(address)s, %(name)s, 'asked', now(), 1)
ON CONFLICT (lower(address)) DO UPDATE
SET asked_at = now(), asks = s.asks + 1,
    name = CASE WHEN s.state = 'confirmed' THEN s.name ELSE excluded.name END
WHERE s.asked_at < now() - make_interval(
    secs => CASE WHEN s.asks < %(few)s THEN %(seldom)s ELSE %(hardly)s END)
RETURNING id
"""
CONFIRM = """
INSERT INTO notifications_subscription AS s (address, name, state, asked_at, confirmed_at)
VALUES (%(address)s, '', 'confirmed', now(), now())
ON CONFLICT (lower(address)) DO UPDATE SET state = 'confirmed', confirmed_at = now(), asks = 0
WHERE s.state <> 'confirmed'
"""
SUPPRESS = """
INSERT INTO notifications_suppression (address, because, at)
VALUES (%(address)s, %(because)s, now())
ON CONFLICT (lower(address)) DO NOTHING
"""
END = """
INSERT INTO notifications_subscription AS s (address, name, state, asked_at, ended_at)
VALUES (%(address)s, '', 'ended', now(), now())
ON CONFLICT (lower(address)) DO UPDATE SET state = 'ended', ended_at = now()
WHERE s.state <> 'ended'
"""


@transaction.atomic
def ask_for(*, address: str, name: str = "") -> None:
    """Have a mail sent that asks the mailbox's owner. Nothing else follows from it."""
    with connection.cursor() as cursor:
        brake = {"seldom": SELDOM, "few": FEW, "hardly": HARDLY}
        cursor.execute(ASK, {"address": address, "name": name, **brake})
        row = cursor.fetchone()
    if row:
        key = f"newsletter:{row[0]}:{new_tag()}"
        subject = f"newsletter:{row[0]}"
        task = "notifications.ask_newsletter_consent"
        enqueue(task, key=key, subject=subject, subscription_id=row[0])


def confirm(*, address: str) -> None:
    """Its owner wants it, and has shown that the mailbox is theirs."""
    with connection.cursor() as cursor:
        cursor.execute(CONFIRM, {"address": address})


@transaction.atomic
def unsubscribe(*, address: str, recipient_id: int | None = None) -> None:
    """Whoever has the link wants it no more. Counted with the mail that the link was in."""
    with connection.cursor() as cursor:
        cursor.execute(END, {"address": address})
    if recipient_id is not None:
        rows = Recipient.objects.filter(same(address), pk=recipient_id, unsubscribed_at=None)
        rows.update(unsubscribed_at=Now())


def suppress(address: str, *, because: str) -> None:
    """Leave this address out from now on. The first reason stays."""
    with connection.cursor() as cursor:
        cursor.execute(SUPPRESS, {"address": address, "because": because[:300]})
