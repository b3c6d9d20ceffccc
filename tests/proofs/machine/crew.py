"""Two relays, two workers of two children each, and web processes that come and go."""

from collections.abc import Iterator

from deferral.relay.loop import Relay
from deferral.worker.liveness import Liveness
from tests.proofs.machine.processes import Process, Work, end_sessions
from tests.proofs.machine.witness import Witness


class Worker:
    """A main process, whose liveness is the product's own, and its children."""

    def __init__(self, crew: "Crew") -> None:
        self.liveness = Liveness()
        assert self.liveness._enter("worker")
        names = [f"{self.liveness.id}:{child}" for child in (1, 2)]
        self.children = [Process(name, crew.on_step) for name in names]

    def breathe(self) -> None:
        """What its thread does each second: look, and after a loss connect and lock again."""
        for _ in range(2):
            self.liveness._survive(self.liveness._look)

    def close(self) -> None:
        """Its lock is free."""
        if self.liveness.session.connection:
            self.liveness.session.connection.close()


class Crew:
    """Everybody. Who dies is replaced at once."""

    def __init__(self) -> None:
        self.witness = Witness()
        self.workers = [Worker(self) for _ in range(2)]
        self.relays = [self._new_relay(number) for number in range(2)]
        self.webs: list[Process] = []

    @property
    def everybody(self) -> Iterator[Process]:
        """Who lives."""
        yield from (process for process, _ in self.relays)
        yield from (child for worker in self.workers for child in worker.children)
        yield from self.webs

    @property
    def stopped(self) -> list[Process]:
        """Who was stopped at a step."""
        return [process for process in self.everybody if process.stands_at]

    def idle_child(self) -> Process | None:
        """A worker's process that could take a message."""
        idle = (child for worker in self.workers for child in worker.children)
        return next((child for child in idle if not child.stands_at), None)

    def work(
        self, process: Process, work: Work, *, stop_at: str = "", job: int = 0
    ) -> Process | None:
        """Have it done; return the process if it stands somewhere now."""
        process.run(work, stop_at=stop_at, job=job)
        if not process.is_alive:
            self.bury(process)
        return process if process.stands_at else None

    def go_on(self, process: Process, *, reconnect: bool = False) -> None:
        """Whoever stands somewhere goes on to the end."""
        process.go_on(reconnect=reconnect)
        self.send_home(process)

    def send_home(self, process: Process) -> None:
        """A web process that has answered is not needed any more."""
        if process in self.webs and not process.stands_at:
            self.kill(process)

    def kill(self, process: Process) -> None:
        """As SIGKILL does."""
        process.die()
        self.bury(process)

    def kill_worker(self, process: Process) -> None:
        """Its whole worker, all children with it. Whoever is nobody's child dies alone."""
        worker = next((found for found in self.workers if process in found.children), None)
        if worker is None:
            self.kill(process)
            return
        worker.close()
        for child in worker.children:
            self.witness.mourn(child)
            child.die()
        self.workers = [found for found in self.workers if found is not worker] + [Worker(self)]

    def bury(self, dead: Process) -> None:
        """Note what it had in hand; another takes its place."""
        self.witness.mourn(dead)
        self.webs = [web for web in self.webs if web is not dead]
        for worker in self.workers:
            worker.children = [
                Process(f"{child.name}'", self.on_step) if child is dead else child
                for child in worker.children
            ]
        for number, (process, _) in enumerate(self.relays):
            if process is dead:
                self.relays[number] = self._new_relay(number)

    def lose_sessions(self) -> None:
        """The database ends every session: it was restarted, or another one took over."""
        end_sessions(self.witness.sessions())
        self.witness.look_at(self.stopped)
        for worker in self.workers:
            worker.breathe()

    def on_step(self, process: Process, step: str) -> None:
        """Somebody reached it."""
        self.witness.see(process, step, self.everybody)

    def close(self) -> None:
        """Nobody lives, no session is left."""
        for process in list(self.everybody):
            process.die()
        for worker in self.workers:
            worker.close()
        self.witness.close()

    def _new_relay(self, number: int) -> tuple[Process, Relay]:
        return Process(f"relay {number}", self.on_step), Relay()
