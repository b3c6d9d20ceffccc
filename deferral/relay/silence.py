"""Sessions that hold a job past its lease and say nothing: of hosts that died without a word.

Not for a worker that lives: it ends by itself what is late, of children and of threads.
"""

import structlog
from django.db import connection

from deferral.crashpoints import crashpoint
from deferral.database.locks import JOB, WORKER

log = structlog.get_logger(__name__)

# Seconds. A thread worker uses the session that holds its jobs' locks each second.
SILENT = 15.0
# A host that died without a word still holds its locks, in a session nobody reads from. (A relay
# holds them for a moment too, while it looks whether they are free.) With the session of a worker
# that lives all its jobs would lose theirs: that worker itself ends what is late.
END_SILENT_SESSIONS = """
SELECT l.pid, pg_terminate_backend(l.pid)
FROM deferral_job j JOIN pg_locks l
  ON l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted AND l.database = (
      SELECT oid FROM pg_database WHERE datname = current_database())
 AND (l.classid::bigint << 32) + l.objid::bigint = %(job)s + j.id
WHERE j.state = 'running' AND j.lease_until < now()
  AND l.pid NOT IN (SELECT pid FROM pg_stat_activity WHERE application_name = 'relay')
  AND l.pid NOT IN (
      SELECT a.pid FROM pg_stat_activity a JOIN pg_locks w
        ON w.pid = a.pid AND w.locktype = 'advisory' AND w.objsubid = 1 AND w.granted
       AND w.classid::bigint >> 16 = %(worker)s >> 48
      WHERE a.state_change > clock_timestamp() - make_interval(secs => %(silent)s))
"""


def end_silent_sessions() -> int:
    """Close the sessions that hold jobs past their lease; a second later those are abandoned."""
    with connection.cursor() as cursor:
        numbers = {"job": JOB, "worker": WORKER, "silent": SILENT}
        cursor.execute(END_SILENT_SESSIONS, numbers)
        found = cursor.fetchall()
    if found:
        crashpoint("silent_ended")
        log.warning("silent_sessions_ended", pids=[pid for pid, _ in found])
    return len(found)
