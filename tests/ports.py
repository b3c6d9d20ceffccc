"""Ports for servers under test."""

import random
import socket
from contextlib import ExitStack

# Below the range from which the kernel gives ports to clients (32768 and up on Linux): one of those
# may be gone before the server has started. Not seeded: test processes must not pick alike.
RANGE = range(15_000, 32_000)
_CHOICE = random.SystemRandom()


def free_ports(count: int) -> list[int]:
    """So many different ports that nobody listens on now."""
    with ExitStack() as held:
        found: list[int] = []
        while len(found) < count:
            trial = held.enter_context(socket.socket())
            port = _CHOICE.choice(RANGE)
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            found.append(port)
        return found
