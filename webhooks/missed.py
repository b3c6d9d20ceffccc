"""What an endpoint did not get: facts it chose, and no delivery. Nothing here changes anything."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from orders.events import (
    OrderCancelled,
    OrderNotRefunded,
    OrderPaid,
    OrderRefunded,
    PartlyRefunded,
)
from webhooks.models import Endpoint

# Well within the 90 days for which events are kept.
FURTHEST_BACK = timedelta(days=60)
BATCH = 500
FACTS = {
    "order.completed": OrderPaid.type,
    "order.cancelled": OrderCancelled.type,
    "order.refunded": OrderRefunded.type,
    "order.partly_refunded": PartlyRefunded.type,
    "order.refund_failed": OrderNotRefunded.type,
}

# Facts that the endpoint chose and has not got: no job of theirs, one that was given up, or one
# behind a dead one of its order. Of a fact that was recovered before, the last job counts.
# `state` is written so that the index of settled events serves.
MISSED = """
SELECT e.id, e.subject, e.what, e.order_id, e.webhook_id, j.id, left(j.task_id::text, 8) AS tag,
       CASE j.state WHEN 'pending' THEN 'held up' ELSE coalesce(j.state, 'missing') END AS state
FROM (
    SELECT f.id, f.subject, what, o.id AS order_id,
           %(slug)s || ':' || what || ':' || o.number || '-' || o.tag
               || coalesce(':' || r.tag, ':' || nullif(f.payload->>'again', ''), '') AS webhook_id
    FROM deferral_event f
    JOIN unnest(%(types)s::text[], %(whats)s::text[]) AS chosen (type, what) USING (type)
    JOIN orders_order o ON o.id = (f.payload->>'order_id')::bigint
    LEFT JOIN orders_refund r
           ON what = 'order.partly_refunded' AND r.id = (f.payload->>'refund_id')::bigint
    WHERE f.state IN ('expanded', 'discarded') AND f.state = 'expanded'
      AND f.expanded_at >= %(since)s AND f.created_at >= %(since)s AND f.id > %(after)s
) e
LEFT JOIN LATERAL (
    SELECT found.* FROM (
        SELECT id, task_id, state, ordering_key FROM deferral_job WHERE key = e.webhook_id
        UNION ALL
        SELECT id, task_id, state, ordering_key FROM deferral_job
        WHERE key ~>=~ (e.webhook_id || ':recovered-')
          AND key ~<~ (e.webhook_id || ':recovered.')
    ) found ORDER BY found.id DESC LIMIT 1
) j ON true
LEFT JOIN webhooks_delivery d ON d.webhook_id = e.webhook_id
WHERE d.delivered_at IS NULL
  AND (j.id IS NULL OR j.state IN ('dead', 'discarded')
       OR (j.state = 'pending' AND EXISTS (
           SELECT 1 FROM deferral_job b
           WHERE b.ordering_key = j.ordering_key AND b.id < j.id AND b.state = 'dead')))
ORDER BY e.id LIMIT %(limit)s
"""
COUNT = f"SELECT what, state, count(*) FROM ({MISSED}) o GROUP BY what, state"  # noqa: S608 - ours
COUNTED = 100_000


class Missed(NamedTuple):
    """A fact that an endpoint did not get.

    `state` is its job's: missing, dead, discarded, or held up by a dead one. `tag` is random and
    its job's own.
    """

    event_id: int
    subject: str
    what: str
    order_id: int
    webhook_id: str
    job_id: int | None
    tag: str | None
    state: str


def missed(
    endpoint: Endpoint, since: datetime | str, *, after: int = 0, limit: int = BATCH
) -> Iterator[Missed]:
    """What the endpoint chose, happened since then, and was never delivered. The oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(MISSED, _parameters(endpoint, since, after=after, limit=limit))
        yield from (Missed(*row) for row in cursor.fetchall())


def count_missed(endpoint: Endpoint, since: datetime) -> Counter[tuple[str, str]]:
    """How many there are of each type and state, counted up to 100,000."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, _parameters(endpoint, since, after=0, limit=COUNTED))
        return Counter({(what, state): count for what, state, count in cursor.fetchall()})


def _parameters(
    endpoint: Endpoint, since: datetime | str, *, after: int, limit: int
) -> dict[str, Any]:
    chosen = [what for what in endpoint.events if what in FACTS]
    return {
        "slug": endpoint.slug,
        "types": [FACTS[what] for what in chosen],
        "whats": chosen,
        "since": since,
        "after": after,
        "limit": limit,
    }
