"""Two relays, two workers with children and two with threads, and webs that come and go."""

from collections.abc import Iterator

from deferral.relay.loop import Relay
from tests.proofs.machine.processes import Process, Work, end_sessions
from tests.proofs.machine.witness import Witness
from tests.proofs.machine.workers import ThreadWorker, Worker, workers


class Crew:
    """Everybody. Who dies is replaced at once."""

    def __init__(self) -> None:
        self.witness = Witness()
        self.workers = workers(self.on_step)
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

    def idle_in(self, queue: str, job: int = 0) -> Process | None:
        """Who could take this job's message: a thread beside the one that has it, or elsewhere."""
        serve = (worker for worker in self.workers if worker.serves(queue))
        idle = [child for worker in serve for child in worker.idle()]
        return idle[job % len(idle)] if idle else None

    def work(
        self, process: Process, work: Work, *, stop_at: str = "", job: int = 0
    ) -> Process | None:
        """Have it done; return the process if it stands somewhere now."""
        process.run(work, stop_at=stop_at, job=job)
        if not process.is_alive:
            self.bury(process)
        return process if process.stands_at else None

    def cut_off(self, process: Process) -> None:
        """The session that holds its job's lock ends; it does not know yet."""
        worker = self.worker_of(process)
        if not isinstance(worker, ThreadWorker):
            end_sessions({process.pid})
            self.witness.look_at([process])
            return
        worker.lose_session()
        for thread in worker.children:
            self.witness.mourn(thread)

    def go_on(self, process: Process, *, reconnect: bool = False) -> None:
        """Whoever stands somewhere goes on to the end."""
        process.go_on(reconnect=reconnect)
        self.send_home(process)

    def send_home(self, process: Process) -> None:
        """A web process that has answered is not needed any more."""
        if process in self.webs and not process.stands_at:
            self.kill(process)

    def kill(self, process: Process) -> None:
        """As SIGKILL does. A thread does not die alone."""
        process.die()
        self.bury(process)

    def kill_worker(self, process: Process) -> None:
        """Its whole worker, all children with it. Whoever is nobody's child dies alone."""
        worker = self.worker_of(process)
        if worker is None:
            self.kill(process)
            return
        worker.close()
        for child in worker.children:
            self.witness.mourn(child)
            child.die()
        self.workers.remove(worker)
        self.workers.append(type(worker)(self.on_step))

    def worker_of(self, process: Process) -> Worker | None:
        """Whose child or thread it is, if anybody's."""
        return next((found for found in self.workers if process in found.children), None)

    def bury(self, dead: Process) -> None:
        """Note what it had in hand; another takes its place."""
        if isinstance(self.worker_of(dead), ThreadWorker):
            self.kill_worker(dead)
            return
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

    def breathe(self) -> None:
        """Who was cut off locks again what it holds: later than a relay could look."""
        for worker in self.workers:
            if worker.is_cut_off():
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
