"""How each kind of process talks to PostgreSQL."""

from typing import Any
from urllib.parse import unquote

from config.environment import env


def database(role: str) -> dict[str, Any]:
    """One connection a process; in the web, where threads are many, a small pool.

    DATABASE_PASSWORD, when given, is the password of DATABASE_URL: an address may be seen, a
    secret belongs in a file.
    """
    found: dict[str, Any] = env.db_url("DATABASE_URL", default="postgresql:///halyard")
    found["HOST"] = unquote(found.get("HOST", ""))  # a socket's directory, written as %2Fpath%2F…
    found["PASSWORD"] = env("DATABASE_PASSWORD", default=found.get("PASSWORD", ""))
    # Server-side binding lets PostgreSQL keep its plans: it was +55 % for the workers.
    options = {"server_side_binding": True, "prepare_threshold": 2, "application_name": role}
    if role == "web":
        options["pool"] = {
            "min_size": 2,
            "max_size": env.int("WEB_POOL", default=10, least=2, most=10_000),
            "timeout": 5,
        }
        # Asked before it is lent: after a restart of the database nobody meets a dead connection.
        lent = {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}
        return {**found, **lent, "OPTIONS": {**found.get("OPTIONS", {}), **options}}
    # A host that dies without a word is noticed, and its locks freed, after a minute.
    options["options"] = "-c tcp_keepalives_idle=15 -c tcp_keepalives_interval=5"
    kept = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    return {**found, **kept, "OPTIONS": {**found.get("OPTIONS", {}), **options}}
