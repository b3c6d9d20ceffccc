"""What an endpoint did not get: facts it chose, and no delivery. Nothing here changes anything."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from notifications.models import Endpoint
from orders.events import OrderCancelled, OrderPaid, OrderRefunded

# Well within the 90 days for which events are kept.
FURTHEST_BACK = timedelta(days=60)
BATCH = 500
FACTS = {
    "order.completed": OrderPaid.type,
    "order.cancelled": OrderCancelled.type,
    "order.refunded": OrderRefunded.type,
}

# Facts that the endpoint chose and has not got: no job of theirs, or one that was given up.
# `state` is written so that the index of settled events serves.
OWED = """
SELECT e.id, e.subject, e.what, e.order_id, e.webhook_id, j.id, coalesce(j.state, 'missing')
FROM (
    SELECT id, subject, what, (payload->>'order_id')::bigint AS order_id,
           %(slug)s || ':' || what || ':' || (payload->>'order_id') AS webhook_id
    FROM deferral_event
    JOIN unnest(%(types)s::text[], %(whats)s::text[]) AS chosen (type, what) USING (type)
    WHERE state IN ('expanded', 'discarded') AND state = 'expanded'
      AND expanded_at >= %(since)s AND created_at >= %(since)s AND id > %(after)s
) e
LEFT JOIN deferral_job j ON j.key = e.webhook_id
LEFT JOIN notifications_delivery d ON d.webhook_id = e.webhook_id
WHERE (j.id IS NULL OR j.state IN ('dead', 'discarded')) AND d.delivered_at IS NULL
ORDER BY e.id LIMIT %(limit)s
"""
COUNTED = 100_000


class Owed(NamedTuple):
    """A fact that an endpoint did not get. `state` is its job's: missing, dead or discarded."""

    event_id: int
    subject: str
    what: str
    order_id: int
    webhook_id: str
    job_id: int | None
    state: str


def owed(
    endpoint: Endpoint, since: datetime | str, *, after: int = 0, limit: int = BATCH
) -> Iterator[Owed]:
    """What the endpoint chose, happened since then, and was never delivered. The oldest first."""
    chosen = [what for what in endpoint.events if what in FACTS]
    parameters: dict[str, Any] = {
        "slug": endpoint.slug,
        "types": [FACTS[what] for what in chosen],
        "whats": chosen,
        "since": since,
        "after": after,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(OWED, parameters)
        yield from (Owed(*row) for row in cursor.fetchall())


def count_owed(endpoint: Endpoint, since: datetime) -> Counter[tuple[str, str]]:
    """How many there are of each type and state, counted up to 100,000."""
    return Counter((one.what, one.state) for one in owed(endpoint, since, limit=COUNTED))
