"""The workers of one machine. docker-compose.yml has the same, and a test compares them."""

import sys
from dataclasses import dataclass
from typing import Literal

OPTIONS = ("--without-gossip", "--without-mingle", "-E", "-l", "INFO")


@dataclass(frozen=True)
class Worker:
    """One worker: `size` children (prefork), or one process with `size` threads.

    `queues` as Celery's `-Q` takes them: names with commas between them.
    """

    name: str
    queues: str
    size: int
    pool: Literal["prefork", "threads"] = "prefork"

    def command(self, app: str = "config", options: tuple[str, ...] = OPTIONS) -> tuple[str, ...]:
        """The command line, for any Celery application. Prefork is Celery's own default."""
        pool = () if self.pool == "prefork" else ("-P", self.pool)
        which = ("-n", f"{self.name}@%h", *pool, "-Q", self.queues, "-c", str(self.size))
        return (sys.executable, "-m", "celery", "-A", app, "worker", *which, *options)


# A slow partner cannot take a slot from a confirmation.
WORKERS = (
    Worker("critical", "critical", 2),
    Worker("partners", "partners", 4),
    Worker("bulk", "bulk,analytics", 1),
)
