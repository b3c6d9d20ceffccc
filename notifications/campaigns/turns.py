"""The rate of a campaign, kept in its row: each mail moves the time at which the next may go.

Its jobs begin at its rate already (`handlers.campaigns`). After an outage many of them are due at
once, and every thread would send at the whole rate.
"""

from django.db import connection

from notifications.campaigns.recipients import Part

# Whoever finds the row locked sees it as it is afterwards: no two get one turn.
TAKE = """
UPDATE notifications_campaign c
SET next_at = greatest(c.next_at, now()) + make_interval(secs => 60.0 / c.per_minute)
WHERE c.id = %(campaign)s AND c.state = 'running' AND c.run = %(run)s
  AND c.next_at <= now() + make_interval(secs => %(within)s)
  AND EXISTS (SELECT 1 FROM notifications_recipient r WHERE r.campaign_id = c.id
              AND r.chunk = %(chunk)s AND r.state = 'todo' AND r.due_at <= now())
RETURNING extract(epoch FROM c.next_at - now())::float - 60.0 / c.per_minute
"""
LEFT = """
SELECT extract(epoch FROM next_at - now())::float FROM notifications_campaign WHERE id = %(id)s
"""


def take_turn(part: Part, *, within: float) -> float | None:
    """The seconds until this chunk may send a mail; None where it has none to send, or no mail of
    the campaign may go `within` so many seconds. What is not used is lost, not kept.
    """
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {**part.names, "within": within})
        row = cursor.fetchone()
    return None if row is None else max(0.0, float(row[0]))


def seconds_to_turn(campaign_id: int) -> float:
    """Until the campaign's next mail may go."""
    with connection.cursor() as cursor:
        cursor.execute(LEFT, {"id": campaign_id})
        return max(0.0, float(cursor.fetchone()[0]))
