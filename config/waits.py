"""No wait without an end: how long each kind of process waits for PostgreSQL, and why.

`lock_timeout` ends a wait for somebody else's lock, `statement_timeout` one statement, and
`idle_in_transaction_session_timeout` a session of ours that has begun a transaction and fallen
silent. What each of these errors then means to whom stands in `deferral.database.outage`.
Sessions that hold only a lock, outside any transaction, are never ended by these: so workers hold
theirs.

Sessions of others, a person's psql above all, are bounded by the database itself (`config.guests`).
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Waits:
    """In seconds. 0 is without an end."""

    lock: float
    statement: float
    idle: float

    @property
    def options(self) -> str:
        """As libpq hands them to a new session."""
        named = {
            "lock_timeout": self.lock,
            "statement_timeout": self.statement,
            "idle_in_transaction_session_timeout": self.idle,
        }
        return " ".join(f"-c {name}={round(wait * 1_000)}" for name, wait in named.items())


WAITS = {
    # A customer waits, and one of ten connections with them. After fifteen seconds nobody does.
    "web": Waits(lock=2, statement=15, idle=15),
    # It looks each second, and what it skips now it finds again: it waits for nobody.
    "relay": Waits(lock=1, statement=20, idle=20),
    # A tick is tried again until it is written.
    "beat": Waits(lock=2, statement=20, idle=20),
    # Its job comes back in seconds, and others wait for the slot. No network in transactions, so
    # that one which is idle for a minute has been forgotten, or its process is frozen.
    "worker": Waits(lock=5, statement=60, idle=60),
    # Whoever waits behind a waiting migration cannot even read. It may build an index for long.
    "migrate": Waits(lock=5, statement=0, idle=300),
    # It must say what hangs, and so not hang itself.
    "doctor": Waits(lock=1, statement=5, idle=5),
    # Somebody sits there and can press Ctrl-C; their cron cannot.
    "command": Waits(lock=10, statement=600, idle=300),
}
# Sweeps by the hundred thousand rows are in this queue. Their tasks' own limit is as long.
LONG_QUEUES = {"bulk": Waits(lock=5, statement=600, idle=60)}
# Twenty threads may want the same order's row, and stand in line for it. One statement keeps a
# connection from ten of them, so that it is ended sooner than a child's.
IN_THREADS = Waits(lock=10, statement=20, idle=60)


def waits_of(role: str, queues: tuple[str, ...] = (), *, threads: int = 0) -> Waits:
    """How long a process of this kind waits; a worker of several queues as its longest."""
    if role == "worker" and threads:
        return IN_THREADS
    longer = (LONG_QUEUES[queue] for queue in queues if queue in LONG_QUEUES)
    return next(longer, WAITS.get(role, WAITS["command"]))
