"""So much and no more in a while: counted in one row and one statement, shared by all processes.

Not for fairness to the millisecond: a window begins with its first request and ends as a whole.
The table is unlogged: it costs no write-ahead log, and a crash of PostgreSQL forgets it.
"""

import structlog
from django.db import Error, connection

log = structlog.get_logger(__name__)

SPEND = """
WITH quick AS MATERIALIZED (
    SELECT statement_timestamp() AS now, make_interval(secs => %(per)s) AS per,
           set_config('synchronous_commit', 'off', true), set_config('lock_timeout', '250ms', true)
)
INSERT INTO deferral_ratelimit AS a (key, began, spent) SELECT %(key)s, now, 1 FROM quick
ON CONFLICT (key) DO UPDATE SET (began, spent) = (
    SELECT CASE WHEN a.began + per <= now THEN now ELSE a.began END,
           CASE WHEN a.began + per <= now THEN 1 ELSE least(a.spent, %(most)s) + 1 END
    FROM quick)
RETURNING spent > %(most)s,
          extract(epoch FROM began + make_interval(secs => %(per)s) - statement_timestamp())
"""


def spend(key: str, *, most: int, per: float) -> float | None:
    """Count one use. None, or the seconds until there is more: `most` uses in `per` seconds.

    When it cannot be counted within a quarter of a second, it is allowed: no shop shall close
    because its counter is broken, or somebody holds its row.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute(SPEND, {"key": key[:200], "most": most, "per": per})
            exhausted, left = cursor.fetchone()
    except Error as error:
        log.warning("rate_limit_not_counted", key=key, error=str(error))
        return None
    return float(left) if exhausted else None
