"""A program that takes connections."""

import socket
from collections.abc import Mapping
from contextlib import suppress


class Listens:
    """Ready when a loopback port takes connections."""

    def __init__(self, port: int) -> None:
        self._port = port

    def arm(self) -> Mapping[str, str]:
        return {}

    def ready(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self._port), timeout=1):
            return True
        return False

    def silence(self) -> float:
        return 0.0
