"""A worker's main process says that it lives, by a lock, and that it is ready, by sd_notify.

The lock tells the relay whether a dead child died alone (its job may be poison) or with its whole
worker (its job is hardly to blame). A thread keeps the lock's connection alive; children, which
inherit the socket by fork, turn their copy into a hole, so that neither their exit nor their
survival can speak for the main process.
"""

import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import structlog
from celery import signals
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import Error

from deferral import heartbeat, unreadable
from deferral.locks import worker_lock

log = structlog.get_logger(__name__)

ENTER = "INSERT INTO deferral_worker (name, pid) VALUES (%s, %s) RETURNING id"
LEAVE = "UPDATE deferral_worker SET stopping_at = now() WHERE id = %s AND stopping_at IS NULL"

# The relay looks each second whom to blame; so late may it hear that nobody is to be.
GLANCE = 0.1


class Presence:
    """One per worker. `id` is inherited by its children, who write it into their claims."""

    id = 0

    def __init__(self) -> None:
        self._leaving = False
        self._connection: BaseDatabaseWrapper | None = None

    def enter(self, name: str) -> None:
        """Write the worker's row, take its lock, and keep it until the process ends.

        Waits for the database: a worker that nobody can see could not be told from a dead one.
        """
        while not self._enter(name):
            time.sleep(1.0)
        os.register_at_fork(after_in_child=self._blind_child)
        threading.Thread(target=self._keep, name="presence", daemon=True).start()

    def leave(self) -> None:
        """From here on a dying child is a deploy, not a crash. The thread writes it down at once.

        Called by a signal handler: no waiting for a database in there, and a plain flag, for an
        Event's lock may be held by the very code that the signal interrupts.
        """
        self._leaving = True

    def _enter(self, name: str) -> bool:
        try:
            database = self._connect()
            with database.cursor() as cursor:
                cursor.execute(ENTER, [name, os.getpid()])
                [self.id] = cursor.fetchone()
            self._lock(database)
        except Error as error:
            log.warning("database_away", error=str(error))
            return False
        return True

    def _keep(self) -> None:
        while not self._leaves_within(1.0):
            heartbeat.beat()
            self._survive(self._look)
        self._survive(self._take_leave)

    def _leaves_within(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while not self._leaving and time.monotonic() < until:
            time.sleep(GLANCE)
        return self._leaving

    def _survive(self, step: Callable[[], None]) -> None:
        try:
            step()
        except Error as error:
            log.warning("presence_lost", worker=self.id, error=str(error))
            lost, self._connection = self._connection, None
            if lost:
                lost.close()

    def _look(self) -> None:
        database = self._connection or self._lock(self._connect())
        with database.cursor() as cursor:
            cursor.execute("SELECT 1")
            with contextlib.suppress(Error):  # a lost connection is seen by the next look
                unreadable.write_down(cursor)

    def _take_leave(self) -> None:
        database = self._connection or self._lock(self._connect())
        with database.cursor() as cursor:
            cursor.execute(LEAVE, [self.id])

    def _lock(self, database: BaseDatabaseWrapper) -> BaseDatabaseWrapper:
        self._connection = database  # before it waits: a child forked meanwhile must not keep it
        with database.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [worker_lock(self.id)])
        return database

    def _connect(self) -> BaseDatabaseWrapper:
        """Not one of the thread's own connections, which Celery closes as it pleases."""
        database = connections.create_connection("default")
        database.inc_thread_sharing()  # opened by the main thread, kept by ours
        return database

    def _blind_child(self) -> None:
        held = self._connection.connection if self._connection else None
        if held is not None:
            hole = os.open(os.devnull, os.O_RDWR)
            os.dup2(hole, held.fileno())
            os.close(hole)


PRESENCE = Presence()


def session_name() -> str:
    """Who claims: the worker's row and this child's process id, for instance `17:4242`."""
    return f"{PRESENCE.id}:{os.getpid()}"


def sign_in(role: str) -> None:
    """Name this process's database session, by which others see that it lives (`selectors`)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('application_name', %s, false)", [role])


def notify_ready() -> None:
    """Tell the supervisor, if there is one, that this process is ready (systemd's sd_notify)."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.connect("\0" + address[1:] if address.startswith("@") else address)
        channel.send(b"READY=1")


@signals.worker_init.connect
def _enter(sender: Any, **_: Any) -> None:
    PRESENCE.enter(str(sender.hostname))


@signals.worker_ready.connect
@signals.beat_init.connect
def _ready(**_: Any) -> None:
    notify_ready()
