"""The database session that holds a worker's lock: by it the relay knows that the worker lives."""

import os

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from deferral.database.locks import worker_lock


class HeldSession:
    """Opened by the main thread, kept open by another, and of no use to forked children."""

    def __init__(self) -> None:
        self.connection: BaseDatabaseWrapper | None = None

    def connect(self) -> BaseDatabaseWrapper:
        """Not one of the thread's own connections, which Celery closes as it pleases."""
        database = connections.create_connection("default")
        database.inc_thread_sharing()
        return database

    def hold(self, database: BaseDatabaseWrapper, worker_id: int) -> BaseDatabaseWrapper:
        """Take the worker's lock in this session. Waits for whoever still has it."""
        self.connection = database  # before it waits: a child forked meanwhile must not keep it
        with database.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [worker_lock(worker_id)])
        return database

    def of(self, worker_id: int) -> BaseDatabaseWrapper:
        """The session that holds the worker's lock; a new one when the old one is lost."""
        return self.connection or self.hold(self.connect(), worker_id)

    def drop(self) -> None:
        """It is lost: the next look opens another."""
        lost, self.connection = self.connection, None
        if lost:
            lost.close()

    def blind_child(self) -> None:
        """In a forked child: turn its copy of the socket into a hole.

        Then neither the child's exit nor its survival can speak for the main process.
        """
        held = self.connection.connection if self.connection else None
        if held is not None:
            hole = os.open(os.devnull, os.O_RDWR)
            os.dup2(hole, held.fileno())
            os.close(hole)
