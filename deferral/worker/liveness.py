"""A worker's main process says that it lives, by a lock, and that it is ready, by sd_notify.

The lock tells the relay whether a dead child died alone (its job may be poison) or with its whole
worker (its job is hardly to blame). A thread keeps the lock's session alive.
"""

import contextlib
import os
import threading
import time
from collections.abc import Callable
from typing import Any

import structlog
from celery import signals
from django.db.utils import Error

from deferral.broker import unreadable
from deferral.database.held_session import HeldSession
from deferral.database.locks import worker_lock
from deferral.worker import heartbeat
from deferral.worker.parting import end_this_process
from deferral.worker.signs import SIGNS

log = structlog.get_logger(__name__)

ENTER = "INSERT INTO deferral_worker (name, pid) VALUES (%s, %s) RETURNING id"
LEAVE = "UPDATE deferral_worker SET stopping_at = now() WHERE id = %s AND stopping_at IS NULL"

# The relay looks each second whom to blame; so late may it hear that nobody is to be. And a moment
# later once more (`relay.rescue`): what a lost session held is locked again by then.
GLANCE = 0.1


class Liveness:
    """One per worker. `id` is inherited by its children, who write it into their claims.

    `each_second` is what else its thread looks after; an Error of the database is survived.
    """

    id = 0

    def __init__(self) -> None:
        self._leaving = self._has_left = False
        self.session = HeldSession()
        self.each_second: list[Callable[[], None]] = []

    def enter(self, name: str) -> None:
        """Write the worker's row, take its lock, and keep it until the process ends.

        Waits for the database: a worker that nobody can see could not be told from a dead one.
        """
        while not self._enter(name):
            time.sleep(1.0)
        os.register_at_fork(after_in_child=self.session.blind_child)
        threading.Thread(target=self._keep, name="liveness", daemon=True).start()

    def leave(self) -> None:
        """From here on a dying child is a deploy, not a crash. The thread writes it down at once.

        Called by a signal handler: no waiting for a database in there, and a plain flag, for an
        Event's lock may be held by the very code that the signal interrupts.
        """
        self._leaving = True

    def _enter(self, name: str) -> bool:
        try:
            with self.session.cursor() as cursor:
                cursor.execute(ENTER, [name, os.getpid()])
                [self.id] = cursor.fetchone()
        except Error as error:
            log.warning("database_away", error=str(error))
            return False
        return self.session.hold_one_of([worker_lock(self.id)]) is not None

    def _keep(self) -> None:
        while not self._is_told_to_leave():
            self._look_after(self._look)
            if SIGNS.is_given:
                heartbeat.beat()
            else:
                self._give_up()
        self._survive(self.take_leave)
        while self.each_second or not self._has_left:
            self._part()
            heartbeat.beat()

    def _part(self) -> None:
        """A second of who leaves: that is written down, if not yet; what still runs goes on."""
        self._doze()
        if not self._has_left:
            self._survive(self.take_leave)
        self._look_after(self._hold_on)

    def _look_after(self, first: Callable[[], None]) -> None:
        for look in (first, *self.each_second):
            self._survive(look)

    def _give_up(self) -> None:
        log.error("worker_deaf", worker=self.id, seconds=round(SIGNS.age))
        self._survive(self.take_leave)
        end_this_process(meanwhile=self._part)

    def _is_told_to_leave(self) -> bool:
        if not self._leaving:
            self._doze()
        return self._leaving

    def _doze(self) -> None:
        """For a second; less when it is told to leave, or when the session has been ended."""
        told, until = self._leaving, time.monotonic() + 1.0
        while time.monotonic() < until and self._leaving == told and not self.session.has_news():
            time.sleep(GLANCE)
            self._survive(self.session.take_missing)

    def _survive(self, step: Callable[[], None]) -> None:
        """Whatever becomes of one step: nobody else would look after this process."""
        try:
            step()
        except Error as error:
            SIGNS.receive()  # while the database is away nobody can tell
            log.warning("liveness_lost", worker=self.id, error=str(error))
        except Exception:
            log.exception("liveness_failed", worker=self.id)

    def _look(self) -> None:
        unreadable.count()
        if not SIGNS.look(self.session.cursor, self.id):
            log.warning("worker_idle", worker=self.id, seconds=round(SIGNS.age))
        with contextlib.suppress(Error):
            unreadable.write_down(self.session.cursor)  # a lost connection is seen by the next look

    def _hold_on(self) -> None:
        """Keep the session, and with it the locks of what still runs. Error."""
        with self.session.cursor() as cursor:
            cursor.execute("SELECT 1")

    def take_leave(self) -> None:
        """Write down that nobody is to be blamed for what dies with this process. Error."""
        with self.session.cursor() as cursor:
            cursor.execute(LEAVE, [self.id])
        self._has_left = True


LIVENESS = Liveness()


def session_name() -> str:
    """Who claims: the worker's row and this child's process id, for instance `17:4242`."""
    return f"{LIVENESS.id}:{os.getpid()}"


@signals.worker_init.connect
def _enter(sender: Any, **_: Any) -> None:
    LIVENESS.enter(str(sender.hostname))
