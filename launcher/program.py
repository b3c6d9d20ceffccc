"""One line of the table the supervisor works from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from signal import SIGKILL, SIGTERM, Signals

from launcher.probes import Probe


class Layer(IntEnum):
    """Stopping goes from the highest layer down, each one ended before the next is asked to."""

    DATABASE = 0
    BROKER = 1
    WORLD = 2
    APPS = 3


@dataclass(frozen=True)
class Program:
    """A process to keep running, or (without a probe) a command that has to succeed once.

    `after` names what must be ready before it starts. `grace` is what it gets between
    `stop_signal`, sent to its main process alone, and the end of its whole group. `death_signal`
    is what the kernel sends it when the supervisor itself is killed. One that gives no sign of life
    for `silent_for` seconds is ended: longer than a relay waits for a statement. Commands see `env`
    on top of the environment all share.
    """

    name: str
    command: tuple[str, ...]
    layer: Layer
    probe: Probe | None = None
    after: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[], None] = lambda: None
    stop_signal: Signals = SIGTERM
    death_signal: Signals = SIGKILL
    grace: float = 10.0
    patience: float = 60.0
    silent_for: float = 45.0

    @property
    def is_vital(self) -> bool:
        """Nothing goes on without the database. Without anything else the rest does."""
        return self.layer is Layer.DATABASE
