"""The relay: events into jobs, due jobs into hints, dead processes' jobs back into due ones.

Any number of copies may run; rows are shared by SKIP LOCKED and everything is safe to interrupt.
"""

import signal
import threading
import time
from types import FrameType

import structlog
from django.conf import settings
from django.db import Error, OperationalError, close_old_connections, connection

from deferral import expansion, markers, rescue, sending, upkeep
from deferral.outage import is_our_outage
from deferral.presence import notify_ready, sign_in

log = structlog.get_logger(__name__)

# How long to wait when there was nothing to do: briefly for a second after finding work, because
# work brings work (a body after its parts).
EAGER, IDLE, EAGER_FOR = 0.02, 0.1, 1.0
LOOK_EVERY = 1.0
AWAY_WAIT = 1.0


class Relay:
    """One relay. `run_once` does everything that is due, `run` goes on until told to stop."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._calm_until = time.monotonic() + settings.CRASH_GRACE
        self._next_look = 0.0
        self._eager_until = 0.0

    def run(self) -> None:
        """Until SIGTERM or SIGINT. The database or the broker may be away meanwhile."""
        signal.signal(signal.SIGTERM, self._ask_to_stop)
        signal.signal(signal.SIGINT, self._ask_to_stop)
        ready = False
        while not self._stop.is_set():
            pause = self._guarded()
            if not ready and pause < AWAY_WAIT:
                ready = True
                notify_ready()
                log.info("relay_ready")
            self._stop.wait(pause)

    def run_once(self) -> int:
        """One pass; return how much was found to do."""
        if time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + LOOK_EVERY
            self._look()
        return expansion.expand_events() + sending.send_due()

    def _look(self) -> None:
        """What needs no more than a look each second."""
        sign_in("relay")
        markers.ensure_lanes()
        rescue.rescue(forgiving=time.monotonic() < self._calm_until)
        rescue.end_silent_sessions()
        upkeep.release_patient_bodies()
        upkeep.expire_jobs()
        markers.send_markers()
        markers.give_lost_hints_again()

    def _guarded(self) -> float:
        """A pass that survives our own outages; return the seconds to wait afterwards."""
        try:
            close_old_connections()
            return self._pause(found=self.run_once())
        except sending.BrokerAway as error:
            log.warning("broker_away", error=str(error))
        except Error as error:
            self._survive(error)
        return AWAY_WAIT

    def _survive(self, error: Error) -> None:
        """The database went away, or chose us as a deadlock's victim; anything else is a bug."""
        log.warning("database_away", error=str(error))
        if is_our_outage(error):
            connection.close()
            self._calm_until = time.monotonic() + settings.CRASH_GRACE
        elif not isinstance(error, OperationalError):
            raise error

    def _pause(self, *, found: int) -> float:
        now = time.monotonic()
        if found:
            self._eager_until = now + EAGER_FOR
        return EAGER if now < self._eager_until else IDLE

    def _ask_to_stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stop.set()
