"""Several at once: threads that start together, each in a database session of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

from tests.rig.depth import THOROUGH

# In CI often enough that both orders, and what lies between them, occur; a few at home.
ROUNDS = 20 if THOROUGH else 8


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """What each returned, or the error that it raised."""
    start = threading.Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        connection.ensure_connection()
        start.wait()
        try:
            return deed()
        except Exception as error:  # noqa: BLE001 - an outcome like any other
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as crowd:
        return list(crowd.map(run, deeds))
