"""Processes that can be stopped at a step, and killed there: threads, each with its own session.

(One that is a thread of a worker has its job's lock in the session that they share.)

Only one of them runs at any moment, the one that was told to, so that an example is the same every
time. What makes a process a process to the ledger is real: its session in PostgreSQL, with the
locks that session holds. A killed one loses the session first and never runs another line of ours.
"""

import threading
import time
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

from django.db import connection

from config.celery import app
from deferral.database.held_session import HeldSession

PATIENCE = 20.0
HERE = threading.local()
END = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = ANY(%s)"

Work = Callable[[], object]


class Killed(BaseException):
    """The end of a process, which no `except Exception` survives."""


class Process:
    """Does what it is told until it is killed. `on_step` hears of every step it reaches."""

    def __init__(
        self,
        name: str,
        on_step: Callable[["Process", str], None],
        *,
        shares: HeldSession | None = None,
    ) -> None:
        self.name, self.shares = name, shares  # the session of a thread's process
        self.job = 0  # the one in the message it works on
        self.claim = 0  # its how-manieth claim
        self.holds_job = False  # claimed, and not over
        self.stands_at = ""
        self.lost_session = False
        self._on_step = on_step
        self._stop_at = ""
        self.pid = 0
        self._in_transaction = False
        self._orders: SimpleQueue[Work] = SimpleQueue()
        self._reports: SimpleQueue[BaseException | str] = SimpleQueue()
        self._thread = threading.Thread(target=self._live, name=name, daemon=True)
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Whether it was not killed."""
        return self._thread.is_alive()

    def run(self, work: Work, *, stop_at: str = "", job: int = 0) -> None:
        """Until the work is over, or it stands at one of the steps. In a transaction it dies there.

        (Others would wait for its row locks, and it for us.)
        """
        self.job, self._stop_at = job, stop_at
        self._order(work)
        if self.stands_at and self._in_transaction:
            self.die()

    def go_on(self, *, reconnect: bool = False) -> None:
        """To the end. `reconnect`: the work goes on in a new session, without its lock."""
        self._stop_at = ""
        self._order(connection_closed if reconnect else nothing)

    def die(self) -> None:
        """As SIGKILL has it: whatever it did last stands, what was not committed is undone."""
        if self.stands_at and self.pid:
            end_sessions({self.pid})
        self._orders.put(killed)
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive(), f"{self.name} survived its death at {self.stands_at}"
        self.stands_at = ""

    def reach(self, step: str) -> None:
        """Called by the process itself, wherever the product has a crash point."""
        self._on_step(self, step)
        if step in self._stop_at.split():
            session = connection.connection
            self.pid = session.info.backend_pid if session else 0
            self._in_transaction = connection.in_atomic_block
            self._reports.put(step)
            self._orders.get()()

    def _order(self, work: Work) -> None:
        self.stands_at = ""
        self._orders.put(work)
        report = self._reports.get(timeout=PATIENCE)
        if isinstance(report, BaseException):
            raise report
        self.stands_at = report
        if not report:
            self.job, self.claim, self.holds_job, self.lost_session = 0, 0, False, False

    def _live(self) -> None:
        HERE.process = self
        app.set_current()
        try:
            while True:
                self._reports.put(self._report_of(self._orders.get()))
        except Killed:
            connection.close()

    def _report_of(self, work: Work) -> BaseException | str:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - whoever gave the order hears of it
            return error
        return ""


def reach(step: str) -> None:
    """In place of `deferral.crashpoints.crashpoint`."""
    process = getattr(HERE, "process", None)
    if process:
        process.reach(step)


class SharedHere(list[HeldSession]):
    """In place of `holding`'s: the session of whose thread this is, if it is a thread worker's."""

    def __bool__(self) -> bool:
        return self._here() is not None

    def __getitem__(self, _: Any) -> Any:
        return self._here()

    def _here(self) -> HeldSession | None:
        process = getattr(HERE, "process", None)
        return process.shares if process else None


def end_sessions(pids: set[int]) -> None:
    """Until they are gone: what they had not committed is undone, their locks are free.

    (PostgreSQL can wait for that by itself, but looks only every tenth of a second.)
    """
    with connection.cursor() as cursor:
        while cursor.execute(END, [list(pids)]).fetchall():
            time.sleep(0.001)


def nothing(**_: Any) -> None:
    """Just go on."""


def connection_closed() -> None:
    """Whatever is asked of the database next is asked in a new session."""
    connection.close()


def killed() -> None:
    """An order to die."""
    raise Killed
