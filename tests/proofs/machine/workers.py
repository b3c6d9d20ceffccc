"""Workers: those whose children hold their jobs' locks, and those whose threads share a session."""

from collections.abc import Callable

from config.queues import THREAD_QUEUES
from deferral.worker.liveness import Liveness
from tests.proofs.machine.processes import Process, end_sessions

OnStep = Callable[[Process, str], None]


class Worker:
    """A main process, whose liveness is the product's own, and its children."""

    def __init__(self, on_step: OnStep) -> None:
        self.liveness, self._ended = Liveness(), 0
        assert self.liveness._enter("worker")
        self.children = self._children(on_step)

    def serves(self, queue: str) -> bool:
        """Whether it takes this queue's messages."""
        return queue not in THREAD_QUEUES

    def idle(self) -> list[Process]:
        """Who of it could take a message."""
        return [child for child in self.children if not child.stands_at]

    def breathe(self) -> None:
        """What its thread does each second: look, and after a loss connect and lock again."""
        for _ in range(2):
            self.liveness._survive(self.liveness._look)

    def is_cut_off(self) -> bool:
        """Whether its session is gone, be it that it knows or not."""
        held = self.liveness.session.connection
        return held is None or held.connection.info.backend_pid == self._ended

    def lose_session(self) -> None:
        """PostgreSQL ends it: its locks are free."""
        if held := self.liveness.session.connection:
            self._ended = held.connection.info.backend_pid
            end_sessions({self._ended})

    def close(self) -> None:
        """It is gone, and whatever of it still ends opens no session again."""
        self.lose_session()
        self.liveness.session.lose()

    def _children(self, on_step: OnStep) -> list[Process]:
        names = [f"{self.liveness.id}:{child}" for child in (1, 2)]
        return [Process(name, on_step) for name in names]


class ThreadWorker(Worker):
    """One process, whose session holds what its threads hold, under one name."""

    def serves(self, queue: str) -> bool:
        return queue in THREAD_QUEUES

    def _children(self, on_step: OnStep) -> list[Process]:
        session, name = self.liveness.session, f"{self.liveness.id}:1"
        return [Process(name, on_step, shares=session) for _ in range(2)]


def workers(on_step: OnStep) -> list[Worker]:
    """Two of each kind."""
    return [kind(on_step) for kind in (Worker, ThreadWorker) for _ in range(2)]
