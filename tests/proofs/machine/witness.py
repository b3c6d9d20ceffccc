"""Whoever looks on from outside: one holder of a job at a time, none settles it who was overtaken,
and no body begins before its parts.
"""

from collections import Counter
from collections.abc import Iterable

from django.db import connection, connections

from tests.proofs.machine.processes import Process

# A body may be claimed before a part is settled only when that part was buried once and the body's
# patience is over (`release_at`).
TOO_EARLY = """
SELECT p.key FROM deferral_job b JOIN deferral_job p ON p.body_id = b.id
WHERE b.id = %s AND p.state NOT IN ('done', 'discarded', 'expired')
  AND (b.release_at IS NULL OR NOT EXISTS (
      SELECT FROM jsonb_array_elements(p.errors) e
      WHERE e->>'kind' IN ('permanent', 'exhausted', 'poison')))
"""
SESSIONS = """
SELECT pid FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend'
"""


class Witness:
    """`sins` is what must never be; `deaths` how often each job's holder was killed or cut off."""

    def __init__(self) -> None:
        self.sins: list[str] = []
        self.deaths: Counter[int] = Counter()
        self._claims: Counter[int] = Counter()
        self._eye = connections.create_connection("default")
        self._eye.inc_thread_sharing()
        self._eye.ensure_connection()

    def see(self, process: Process, step: str, everybody: Iterable[Process]) -> None:
        """Somebody reached a step."""
        if step == "claimed":
            self._see_claim(process, everybody)
        if step == "settled" and process.claim:
            self._see_settling(process)

    def look_at(self, stopped: Iterable[Process]) -> None:
        """Whose session has been ended while they stood somewhere?"""
        cut_off = [process for process in stopped if process.pid and not process.lost_session]
        living = self.sessions() if cut_off else set()
        for process in cut_off:
            if process.pid not in living:
                process.lost_session = True
                self.mourn(process)

    def mourn(self, process: Process) -> None:
        """It holds nothing any more."""
        self.deaths[process.job] += process.holds_job
        process.holds_job = False

    def sessions(self) -> set[int]:
        """All in this database, without the test's own."""
        mine = {found.connection.info.backend_pid for found in (connection, self._eye)}
        with self._eye.cursor() as cursor:
            cursor.execute(SESSIONS)
            return {pid for (pid,) in cursor.fetchall()} - mine

    def close(self) -> None:
        """Look no more."""
        self._eye.close()

    def _see_claim(self, process: Process, everybody: Iterable[Process]) -> None:
        rivals = [other.name for other in everybody if other.holds_job and other.job == process.job]
        if rivals:
            self.sins.append(f"{process.name} has claimed job {process.job} beside {rivals}")
        with self._eye.cursor() as cursor:
            cursor.execute(TOO_EARLY, [process.job])
            self.sins += [f"body {process.job} began before {key}" for (key,) in cursor.fetchall()]
        self._claims[process.job] += 1
        process.claim, process.holds_job = self._claims[process.job], True

    def _see_settling(self, process: Process) -> None:
        process.holds_job = False
        if process.claim != self._claims[process.job]:
            self.sins.append(f"{process.name} was overtaken, and settled job {process.job}")
