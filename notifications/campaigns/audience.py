"""Whom a campaign is for: counted before it starts, and frozen piece by piece when it has."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from notifications.models import Campaign, Recipient

# Recipients of one job.
CHUNK = 100
# Subscribers of one piece: some tenths of a second, for which a cancellation waits.
PIECE = 5_000

# Who has confirmed, is not suppressed, and, where it says so, has paid for something of a kind. An
# address stands in one row, whatever its case: `subscription_address`.
ALLOWED = """
NOT EXISTS (SELECT 1 FROM notifications_suppression u WHERE lower(u.address) = lower(s.address))
"""
BOUGHT = """
(%(bought)s = '' OR lower(s.address) IN (
    SELECT lower(o.email) FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id
    WHERE o.state = 'paid' AND l.kind = %(bought)s))
"""
WHO = f"""
FROM notifications_subscription s WHERE s.state = 'confirmed' AND {ALLOWED} AND {BOUGHT}
"""
COUNT = f"SELECT count(*) {WHO}"
ANYBODY = f"SELECT EXISTS (SELECT 1 {WHO})"
# Of each in the piece it is asked by index what they bought, not of all customers for each piece.
FREEZE = f"""
WITH piece AS (
    SELECT lower(address) AS folded, address, name, confirmed_at FROM notifications_subscription
    WHERE state = 'confirmed' AND lower(address) > %(after)s
    ORDER BY lower(address) LIMIT %(most)s
), who AS (
    SELECT row_number() OVER (ORDER BY folded) + %(number)s AS n, address, name FROM piece s
    WHERE (confirmed_at IS NULL OR confirmed_at <= %(since)s) AND {ALLOWED}
      AND (%(bought)s = '' OR EXISTS (
           SELECT 1 FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id
           WHERE lower(o.email) = s.folded AND o.state = 'paid' AND l.kind = %(bought)s))
), written AS (
    INSERT INTO notifications_recipient
        (campaign_id, number, chunk, address, name, state, because, tries, due_at)
    SELECT %(campaign)s, n, (n - 1) / {CHUNK}, address, name, 'todo', '', 0, now() FROM who
    RETURNING number
)
SELECT (SELECT max(folded) FROM piece), (SELECT count(*) FROM piece),
       (SELECT count(*) FROM written)
"""  # noqa: S608 - a query of our own


@dataclass(frozen=True, kw_only=True, slots=True)
class Frozen:
    """How far an audience is: the last address, how many were looked at, how many are in it."""

    after: str = ""
    looked_at: int = 0
    number: int = 0


def count(bought: str = "") -> int:
    """How many would get it now."""
    return int(_ask(COUNT, {"bought": bought})[0])


def is_anybody(bought: str = "") -> bool:
    """Whether somebody would."""
    return bool(_ask(ANYBODY, {"bought": bought})[0])


def freeze_piece(campaign: Campaign, at: Frozen) -> Frozen | None:
    """A row for each of the next subscribers; None when all were looked at.

    Who has confirmed since it was started is not among them.
    """
    terms = {"campaign": campaign.pk, "bought": campaign.bought, "since": campaign.started_at}
    place = {"after": at.after, "number": at.number, "most": PIECE}
    last, looked_at, written = _ask(FREEZE, {**terms, **place})
    if last is None:
        return None
    return Frozen(after=last, looked_at=at.looked_at + looked_at, number=at.number + written)


def open_chunks(campaign: Campaign) -> list[int]:
    """Those in which somebody has not been sent theirs, in order."""
    rows = campaign.recipients.filter(state__in=Recipient.OPEN).order_by("chunk")
    return list(rows.values_list("chunk", flat=True).distinct())


def _ask(statement: str, terms: dict[str, Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, terms)
        return cursor.fetchone()
