"""How each kind of process talks to PostgreSQL."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote

from config.environment import env
from config.process import queues_of, session_name
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


def database(role: str, argv: Sequence[str] = ()) -> dict[str, Any]:
    """One connection a process; in the web, where threads are many, a small pool.

    DATABASE_PASSWORD, when given, is the password of DATABASE_URL: an address may be seen, a
    secret belongs in a file. What DATABASE_URL itself says (`?options=…`) has the last word.
    """
    found: dict[str, Any] = env.db_url("DATABASE_URL", default="postgresql:///halyard")
    found["HOST"] = unquote(found.get("HOST", ""))  # a socket's directory, written as %2Fpath%2F…
    found["PASSWORD"] = env("DATABASE_PASSWORD", default=found.get("PASSWORD", ""))
    said = found.get("OPTIONS", {})
    options = {**_options(role, argv), **said}
    options["options"] = f"{_start_options(role, argv)} {said.get('options', '')}".strip()
    if role == "web":
        options["pool"] = {
            "min_size": 2,
            "max_size": env.int("WEB_POOL", default=10, least=2, most=10_000),
            "timeout": 5,
        }
        # Asked before it is lent: after a restart of the database nobody meets a dead connection.
        return {**found, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}
    return {**found, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}


def _options(role: str, argv: Sequence[str]) -> dict[str, Any]:
    """Server-side binding lets PostgreSQL keep its plans: it was +55 % for the workers."""
    name = session_name(role, argv)
    kept = {"server_side_binding": True, "prepare_threshold": 2, "application_name": name}
    return {**CLIENT_NOTICES, **kept}


def _start_options(role: str, argv: Sequence[str]) -> str:
    return f"{SERVER_NOTICES} {waits_of(role, queues_of(argv)).options}"
