"""Whom a campaign is for: counted before it starts, and frozen by one statement when it does."""

from django.db import connection

from notifications.models import Campaign, Recipient

# Recipients of one job.
CHUNK = 100

# Who has confirmed, is not suppressed, and, where it says so, has paid for something of a kind.
WHO = """
SELECT DISTINCT ON (lower(s.address)) lower(s.address) AS folded, s.address, s.name
FROM notifications_subscription s
WHERE s.state = 'confirmed'
  AND NOT EXISTS (SELECT 1 FROM notifications_suppression u
                  WHERE lower(u.address) = lower(s.address))
  AND (%(bought)s = '' OR lower(s.address) IN (
       SELECT lower(o.email) FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id
       WHERE o.state = 'paid' AND l.kind = %(bought)s))
"""
COUNT = f"SELECT count(*) FROM ({WHO}) who"  # noqa: S608 - a query of our own
FREEZE = f"""
INSERT INTO notifications_recipient
    (campaign_id, number, chunk, address, name, state, because, tries, due_at)
SELECT %(campaign)s, n, (n - 1) / {CHUNK}, address, name, 'todo', '', 0, now()
FROM (SELECT row_number() OVER (ORDER BY folded) AS n, address, name FROM ({WHO}) who) numbered
"""  # noqa: S608 - a query of our own


def count(bought: str = "") -> int:
    """How many would get it now."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"bought": bought})
        return int(cursor.fetchone()[0])


def freeze(campaign: Campaign) -> int:
    """Write a row for each; return how many. Who comes later is not among them."""
    with connection.cursor() as cursor:
        cursor.execute(FREEZE, {"campaign": campaign.pk, "bought": campaign.bought})
        return int(cursor.rowcount)


def open_chunks(campaign: Campaign) -> list[int]:
    """Those in which somebody has not been sent theirs, in order."""
    rows = campaign.recipients.filter(state__in=Recipient.OPEN).order_by("chunk")
    return list(rows.values_list("chunk", flat=True).distinct())
