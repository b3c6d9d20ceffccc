"""Who holds what others need: transactions that are forgotten, that others wait for, that are old.

Read from PostgreSQL's own views, which wait for nobody. What sessions of other users do is hidden
from us unless we may read it (pg_read_all_stats); that they hold a table is not.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from deferral.text.redaction import storable

# Seconds. Ours are silent in a transaction for milliseconds; one of five is somebody's, forgotten.
FORGOTTEN = 5
# A lock that is waited for longer than this is not merely busy.
WAITED_FOR = 1
# What a transaction has seen since it began cannot be cleaned up, in any table.
OLD = 600
SHOWN = 100

# A lock is held by a session, or by a transaction that was prepared and has none. Backups are long
# and read only. `hidden`: somebody else's session, of which we see no state but the tables it
# has locked to write in them.
HOLDING = """
WITH waits AS (
    SELECT blocker, count(*) AS n, max(coalesce(waited, '0')) AS longest
    FROM (SELECT pid, max(clock_timestamp() - waitstart) AS waited
          FROM pg_locks WHERE NOT granted GROUP BY pid) w
    CROSS JOIN LATERAL (SELECT DISTINCT unnest(pg_blocking_pids(w.pid)) AS blocker) b
    GROUP BY blocker
), writes AS (
    SELECT DISTINCT pid FROM pg_locks
    WHERE locktype = 'relation' AND granted
      AND mode NOT IN ('AccessShareLock', 'ShareUpdateExclusiveLock')
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
)
SELECT a.pid, a.application_name, a.usename, a.state, a.xact_start, a.query,
       coalesce(w.n, 0), coalesce(w.longest, '0'), clock_timestamp()
FROM pg_stat_activity a LEFT JOIN waits w ON w.blocker = a.pid
WHERE a.datname = current_database() AND a.pid <> pg_backend_pid()
  AND a.usename IS NOT NULL AND coalesce(a.backend_type, 'client backend') = 'client backend' AND (
      w.longest > make_interval(secs => %(waited_for)s)
      OR a.state LIKE 'idle in transaction%%'
         AND a.state_change < clock_timestamp() - make_interval(secs => %(forgotten)s)
      OR a.xact_start < clock_timestamp() - make_interval(secs => %(old)s)
         AND a.application_name <> 'pg_dump'
      OR a.state IS NULL AND a.pid IN (SELECT pid FROM writes))
UNION ALL
SELECT 0, 'prepared ' || gid, owner, 'prepared', prepared, gid, 0, '0', clock_timestamp()
FROM pg_prepared_xacts
WHERE database = current_database() AND prepared < now() - make_interval(secs => %(forgotten)s)
ORDER BY 5 NULLS FIRST, 1
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Holder:
    """A session that keeps others from their work, or will. `pid` 0: prepared, and no session.

    `state` and `began` are None where they are not ours to see.
    """

    pid: int
    name: str
    user: str
    state: str | None
    began: datetime | None
    age: timedelta | None
    statement: str
    waiting: int
    longest: timedelta

    @property
    def remedy(self) -> str:
        """The SQL with which a person ends this session; nothing runs it."""
        if not self.pid:
            return f"ROLLBACK PREPARED '{self.statement}'"
        return f"SELECT pg_terminate_backend({self.pid})"


def holders() -> list[Holder]:
    """Whoever holds too much or too long, the longest first. One query, which waits for no lock."""
    bounds = {"waited_for": WAITED_FOR, "forgotten": FORGOTTEN, "old": OLD}
    with connection.cursor() as cursor:
        cursor.execute(HOLDING, bounds)
        return [_holder(*row) for row in cursor.fetchall()]


def _holder(
    pid: int,
    name: str,
    user: str,
    state: str | None,
    began: datetime | None,
    query: str,
    waiting: int,
    longest: timedelta,
    now: datetime,
) -> Holder:
    return Holder(
        pid=pid,
        name=storable(name or "a session without a name"),
        user=user,
        state=state,
        began=began,
        age=now - began if began else None,
        statement=storable(" ".join(query.split()))[:SHOWN],
        waiting=waiting,
        longest=longest,
    )
