"""Ports for servers under test."""

import os
import random
import socket
from contextlib import ExitStack

# Below the range from which the kernel gives ports to clients (32768 and up on Linux): one of those
# may be gone before the server has started. Each process of a test run has its own share of them,
# and gives none twice: most are not listened on before something has started.
SHARE = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", 1))
MINE = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
RANGE = range(15_000 + MINE, 32_000, SHARE)
# Not seeded: two test runs on one machine must not pick alike.
_CHOICE = random.SystemRandom()
_GIVEN: set[int] = set()


def free_ports(count: int) -> list[int]:
    """So many different ports that nobody listens on now."""
    with ExitStack() as held:
        found: list[int] = []
        while len(found) < count:
            port = _CHOICE.choice(RANGE)
            if port in _GIVEN:
                continue
            _GIVEN.add(port)
            trial = held.enter_context(socket.socket())
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            found.append(port)
        return found
