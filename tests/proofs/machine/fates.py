"""What can become of a process that was stopped at a step."""

from collections.abc import Callable

from tests.proofs.machine.crew import Crew
from tests.proofs.machine.processes import Process


def stand(crew: Crew, process: Process) -> None:
    """It takes its time."""


def go_on(crew: Crew, process: Process) -> None:
    """It does: to the end."""
    crew.go_on(process)


def die(crew: Crew, process: Process) -> None:
    """As by SIGKILL."""
    crew.kill(process)


def die_with_worker(crew: Crew, process: Process) -> None:
    """So does its main process, and the other child."""
    crew.kill_worker(process)


def be_cut_off(crew: Crew, process: Process) -> None:
    """The session that holds its job's lock ends; it does not know yet."""
    crew.cut_off(process)


def go_on_cut_off(crew: Crew, process: Process) -> None:
    """Its session ends, and the next statement tells it so."""
    be_cut_off(crew, process)
    crew.go_on(process)


def go_on_elsewhere(crew: Crew, process: Process) -> None:
    """Its session ends, and what it does next it does in a new one, which has no lock."""
    be_cut_off(crew, process)
    crew.go_on(process, reconnect=True)


FATES: dict[str, Callable[[Crew, Process], None]] = {
    "stands": stand,
    "goes on": go_on,
    "dies": die,
    "dies with its worker": die_with_worker,
    "is cut off": be_cut_off,
    "goes on, cut off": go_on_cut_off,
    "goes on elsewhere": go_on_elsewhere,
}
