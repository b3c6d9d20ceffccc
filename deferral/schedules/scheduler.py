"""Beat writes rows. A tick becomes the job `schedule:{name}:{due}` and nothing is published.

So a tick is not lost while the broker is away, two beats make one job of it, and it is retried
and buried like all work. Schedules are rows of django-celery-beat: visible and editable in the
admin; those of the configuration are only created where they are missing. When they come, and what
becomes of missed ones, is ours (`ticking`): its own scheduler loads crontabs of the next two hours
only, pauses for an hour in autumn, and forgets a tick when it dies.
"""

from datetime import datetime
from typing import Any

import structlog
from celery import beat
from django.core.exceptions import ValidationError
from django.db import Error, close_old_connections, connection
from django_celery_beat.models import PeriodicTask
from django_celery_beat.schedulers import ModelEntry

from deferral.database import connections
from deferral.database.connections import sign_in
from deferral.database.outage import passes
from deferral.schedules.ticking import tick_all
from deferral.worker import heartbeat

log = structlog.get_logger(__name__)

# Without its database a beat has nothing else to do. In seconds, as are the shortest rest and the
# longest, after which an edit is seen.
AWAY_WAIT, REST, LONGEST = 1.0, 0.05, 5.0


class Scheduler(beat.Scheduler):
    """What `celery beat` runs: `tick` around `run_once`, for ever."""

    # The base class would connect to the broker here, and wait for it for ever.
    producer: Any = None
    _is_set_up = _is_stale = False

    def setup_schedule(self) -> None:
        """Nothing yet: called before the database need be there. See `run_once`."""

    def tick(self, *_: Any, **__: Any) -> float:
        """One pass; return how long to sleep. No tick is lost by a database that refuses."""
        heartbeat.beat()
        if self._is_stale:  # not before: as long as it lives, the doctor sees a beat that waits
            connections.drop_sessions()
            self._is_stale = False
        try:
            return self.run_once()
        except Error as error:
            if not passes(error):
                raise
            log.warning("database_away", error=str(error))
            close_old_connections()
            self._is_stale = True
            return AWAY_WAIT

    def run_once(self, now: datetime | None = None) -> float:
        """Write what is due by the database's clock, or `now`; return how long to rest."""
        close_old_connections()
        sign_in("beat")
        if not self._is_set_up:
            add_configured(self.app)
            self._is_set_up = True
        now = now or database_now()
        coming = tick_all(now)
        longest = float(self.max_interval or LONGEST)
        pause = (coming - now).total_seconds() if coming else longest
        return min(max(pause, REST), longest)


def add_configured(app: Any) -> None:
    """Create the configured schedules that do not exist; never overwrite a person's edit."""
    known = set(PeriodicTask.objects.values_list("name", flat=True))
    for name, entry in app.conf.beat_schedule.items():
        if name not in known:
            try:
                ModelEntry.from_entry(name, app=app, **entry)
            except (ValidationError, ValueError):
                log.exception("schedule_refused", schedule=name)


def database_now() -> datetime:
    """All beats go by one clock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        [now] = cursor.fetchone()
    moment: datetime = now
    return moment
