"""The workers of one machine. docker-compose.yml has the same, and a test compares them."""

import sys
from dataclasses import dataclass
from typing import Literal

Pool = Literal["prefork", "threads"]

OPTIONS = ("--without-gossip", "--without-mingle", "-E", "-l", "INFO")


@dataclass(frozen=True)
class Worker:
    """One worker: `size` children (prefork), or one process with `size` threads.

    `queues` as Celery's `-Q` takes them: names with commas between them.
    """

    name: str
    queues: str
    size: int
    pool: Pool = "prefork"

    def command(self, app: str = "config", options: tuple[str, ...] = OPTIONS) -> tuple[str, ...]:
        """The command line, for any Celery application. Prefork is Celery's own default."""
        pool = () if self.pool == "prefork" else ("-P", self.pool)
        which = ("-n", f"{self.name}@%h", *pool, "-Q", self.queues, "-c", str(self.size))
        return (sys.executable, "-m", "celery", "-A", app, "worker", *which, *options)


# What computes runs in children, what waits for others in threads. A slow partner cannot take a
# slot from a mail, nor a campaign, nor a sweep or a film from a receipt.
WORKERS = (
    Worker("critical", "critical", 2),
    Worker("mail", "mail", 24, "threads"),
    Worker("partners", "partners,analytics", 64, "threads"),
    Worker("mailings", "mailings", 4, "threads"),
    Worker("background", "background", 1),
    Worker("media", "media", 2),
    Worker("bulk", "bulk", 1),
)


def thread_queues() -> str:
    """The queues that threads serve, with commas between them."""
    return ",".join(each.queues for each in WORKERS if each.pool == "threads")
