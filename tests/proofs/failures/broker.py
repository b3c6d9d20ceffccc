"""A Valkey to be killed, stopped and started again."""

import signal
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from kombu import Connection
from redis import Redis

from launcher.servers.server import running
from launcher.servers.valkey import Valkey


class Broker:
    """Runs until `close`. `env` leads a process to it."""

    def __init__(self, data_dir: Path, run_dir: Path) -> None:
        run_dir.mkdir(mode=0o700)
        self.server = Valkey(data_dir, run_dir)
        self.stack = ExitStack()
        self.process = self.stack.enter_context(running(self.server))
        self.env = {"BROKER_URL": self.server.url()}
        # Was there before whatever trouble it makes.
        self.person: Any = Redis(
            unix_socket_path=str(self.server.socket), single_connection_client=True
        )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def start_again(self) -> None:
        self.process = self.stack.enter_context(running(self.server))

    def hang(self) -> None:
        """It still takes connections and answers nothing."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def tell(self, *command: str | int) -> None:
        """One command, as whoever looks after it would give it."""
        self.person.execute_command(*command)

    def queued(self, queues: Iterable[str]) -> int:
        """How many messages nobody has taken."""
        with Connection(self.server.url()) as link:
            client = link.default_channel.client  # type: ignore[attr-defined]  # Valkey's
            return sum(int(client.llen(queue)) for queue in queues)

    def close(self) -> None:
        self.go_on()
        self.person.close()
        self.stack.close()
