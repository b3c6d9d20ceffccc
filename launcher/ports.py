"""Finding taken ports before anything starts."""

import socket
from collections.abc import Mapping

from launcher.errors import Refused
from launcher.servers.process import wait_for


def refuse_taken(ports: Mapping[str, int], *, patience: float = 0.0) -> None:
    """Name every taken port with its variable. `patience` is for our own children still ending."""
    if wait_for(lambda: not taken(ports), patience=patience):
        return
    lines = [f"Port {ports[name]} is taken: {name}=... moves it." for name in taken(ports)]
    raise Refused("\n".join([*lines, f"For example: make up {_elsewhere(ports)}"]))


def taken(ports: Mapping[str, int]) -> list[str]:
    """The variables whose port somebody listens on."""
    return [name for name, port in ports.items() if not _free(port)]


def _free(port: int) -> bool:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _elsewhere(ports: Mapping[str, int]) -> str:
    moved = {name: port + 10 for name, port in ports.items()}
    return " ".join(f"{name}={moved[name]}" for name in taken(ports))
