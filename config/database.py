"""How each kind of process talks to PostgreSQL."""

import math
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote

from config.environment import env
from config.process import queues_of, session_name, threads_of
from config.waits import waits_of

# A host that dies without a word is noticed, on its side and on ours, within a minute: what it
# held is free then, and what waits for it is told. Seconds; the last one in milliseconds.
SERVER_NOTICES = "-c tcp_keepalives_idle=15 -c tcp_keepalives_interval=5"
CLIENT_NOTICES = {
    "connect_timeout": 5,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
# A job that waits for others gives its connection back meanwhile, and its statements take
# milliseconds: ten threads are seldom in need of two.
THREADS_PER_CONNECTION = 10
# Seconds that a job's thread waits for a connection of its worker's pool. See `_pool`.
PATIENT = {"timeout": 10, "reconnect_timeout": 8}


def database(role: str, argv: Sequence[str] = ()) -> dict[str, Any]:
    """One connection a process; where threads are many, in the web and some workers, a small pool.

    DATABASE_PASSWORD, when given, is the password of DATABASE_URL: an address may be seen, a
    secret belongs in a file. What DATABASE_URL itself says (`?options=…`) has the last word.
    """
    found: dict[str, Any] = env.db_url("DATABASE_URL", default="postgresql:///halyard")
    found["HOST"] = unquote(found.get("HOST", ""))  # a socket's directory, written as %2Fpath%2F…
    found["PASSWORD"] = env("DATABASE_PASSWORD", default=found.get("PASSWORD", ""))
    said = found.get("OPTIONS", {})
    options = {**_options(role, argv), **said}
    options["options"] = f"{_start_options(role, argv)} {said.get('options', '')}".strip()
    pool = _pool(role, argv)
    if pool:
        options["pool"] = pool
    # Asked before it is lent: after a restart of the database nobody meets a dead connection.
    age = 0 if pool else 60
    return {**found, "CONN_MAX_AGE": age, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}


def for_threads(threads: int) -> int:
    """How many connections so many threads of a worker share for their statements."""
    return math.ceil(threads / THREADS_PER_CONNECTION)


def _pool(role: str, argv: Sequence[str]) -> dict[str, int] | None:
    """What psycopg's pool is told; nothing where a process has one connection, and no pool.

    A thread waits so many seconds for its turn, a customer five. The pool tries to connect ever
    more seldom, and nobody can make it try sooner: so it gives up just before whoever waits does,
    and the next who asks has it begin anew. A database that is back is found within seconds.
    """
    if role == "web":
        most = env.int("WEB_POOL", default=10, least=2, most=10_000)
        return {"min_size": 2, "max_size": most, "timeout": 5, "reconnect_timeout": 4}
    if role == "worker" and (threads := threads_of(argv)):
        return {"min_size": 1, "max_size": for_threads(threads), **PATIENT}
    return None


def _options(role: str, argv: Sequence[str]) -> dict[str, Any]:
    """Server-side binding lets PostgreSQL keep its plans: it was +55 % for the workers."""
    name = session_name(role, argv)
    kept = {"server_side_binding": True, "prepare_threshold": 2, "application_name": name}
    return {**CLIENT_NOTICES, **kept}


def _start_options(role: str, argv: Sequence[str]) -> str:
    waits = waits_of(role, queues_of(argv), threads=threads_of(argv))
    return f"{SERVER_NOTICES} {waits.options}"
