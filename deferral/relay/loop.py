"""The relay: events into jobs, due jobs into hints, dead processes' jobs back into due ones.

Any number of copies may run; rows are shared by SKIP LOCKED and everything is safe to interrupt.
"""

import signal
import time
from types import FrameType

import structlog
from django.conf import settings
from django.db import close_old_connections

from deferral import registry
from deferral.broker.connection import ask_once
from deferral.database import connections
from deferral.database.connections import sign_in
from deferral.database.outage import passes
from deferral.external import parking
from deferral.ledger import serving
from deferral.pressure import levels, sampling, shedding
from deferral.relay import catching_up, expansion, expiry, markers, publishing, rescue, silence
from deferral.relay.steps import careful
from deferral.text.seldom import Seldom
from deferral.worker import heartbeat

log = structlog.get_logger(__name__)

# How long to wait when there was nothing to do: briefly for a second after finding work, because
# work brings work (a body after its parts).
EAGER, IDLE, EAGER_FOR = 0.02, 0.1, 1.0
LOOK_EVERY = 1.0
AWAY_WAIT = 1.0


class Relay:
    """One relay. `run_once` does everything that is due, `run` goes on until told to stop."""

    def __init__(self) -> None:
        self._stopping = False
        self._stale = False
        self._calm_until = time.monotonic() + settings.CRASH_GRACE
        self._able_since = time.monotonic()
        self._next_look = self._rescues_from = 0.0
        self._eager_until = 0.0
        self._broker_away = Seldom()

    def run(self) -> None:
        """Until SIGTERM or SIGINT. The database or the broker may be away meanwhile."""
        ask_once()
        signal.signal(signal.SIGTERM, self._ask_to_stop)
        signal.signal(signal.SIGINT, self._ask_to_stop)
        ready = False
        while not self._stopping:
            heartbeat.beat()
            pause = self._guarded()
            if not ready and pause < AWAY_WAIT:
                ready = True
                heartbeat.notify_ready()
                log.info("relay_ready")
            time.sleep(pause)

    def run_once(self) -> int:
        """One pass; return how much was found to do."""
        if self._stale:  # not before: as long as it lives, the doctor sees a relay that waits
            self._stale = False
            connections.drop_sessions()
        if time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + LOOK_EVERY
            self._look()
        events, jobs = serving.work_waits()
        found = careful(expansion.expand_events) if events else 0
        if not (jobs or found):
            return found
        queues = levels.urgent_queues() if levels.is_slowed() else registry.queues()
        return found + careful(publishing.send_due, queues=queues)

    def _send_a_little(self) -> int:
        """One job a second of each low-priority queue, while the others are behind."""
        if not levels.is_slowed():
            return 0
        return publishing.send_due(queues=settings.DEFERRAL_LOW_PRIORITY, per_queue=1)

    def _look(self) -> None:
        """What needs no more than a look each second."""
        close_old_connections()
        careful(sign_in, role="relay")
        forgiving = time.monotonic() < self._calm_until
        careful(markers.ensure_queues)
        if time.monotonic() >= self._rescues_from:
            careful(rescue.rescue, forgiving=forgiving)
        careful(silence.end_silent_sessions)
        careful(expiry.release_patient_bodies)
        careful(expiry.expire_jobs)
        careful(parking.ensure_breakers)
        careful(parking.park)
        careful(catching_up.catch_up)
        careful(sampling.sample, up_for=time.monotonic() - self._able_since)
        careful(shedding.shed_jobs)
        careful(self._send_a_little)
        careful(markers.send_markers)
        careful(markers.give_lost_hints_again)

    def _guarded(self) -> float:
        """A pass that survives our own outages; return the seconds to wait afterwards."""
        try:
            found = self.run_once()
        except publishing.BrokerAway as error:
            self._wait_for_broker(error)
        except Exception as error:
            if not passes(error):
                raise
            self._survive(error)
        else:
            return self._pause(found=found)
        return AWAY_WAIT

    def _wait_for_broker(self, error: Exception) -> None:
        self._able_since = time.monotonic()
        if self._broker_away.is_due():
            log.warning("broker_away", error=str(error))

    def _survive(self, error: Exception) -> None:
        close_old_connections()
        self._stale = True
        log.warning("database_away", error=str(error))
        self._able_since = time.monotonic()
        self._calm_until = self._able_since + settings.CRASH_GRACE
        # What we have lost, others have, and take again: also where the database did not restart.
        self._rescues_from = self._able_since + rescue.retaking()

    def _pause(self, *, found: int) -> float:
        now = time.monotonic()
        if found:
            self._eager_until = now + EAGER_FOR
            self._broker_took_it()
        return EAGER if now < self._eager_until else IDLE

    def _broker_took_it(self) -> None:
        lasted = self._broker_away.ends()
        if lasted is not None:
            log.info("broker_back", after=lasted)

    def _ask_to_stop(self, _signal: int, _frame: FrameType | None) -> None:
        """A plain flag: an Event's lock may be held by the very code that the signal interrupts."""
        self._stopping = True
