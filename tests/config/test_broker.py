"""A RabbitMQ that answers no more is gone after seconds, not waited for."""

import socketserver
import struct
from collections.abc import Iterator
from threading import Event

import pytest
from amqp.serialization import dumps
from kombu import Connection, Queue

from config.celery import transport_options
from tests.rig.listening import listening

START = (10, 10, dumps("ooFSS", (0, 9, {}, "PLAIN", "en_US")))
TUNE = (10, 30, dumps("BlB", (0, 131_072, 0)))
OPEN_OK = (10, 41, dumps("s", ("",)))
CHANNEL_OPEN_OK = (20, 11, dumps("S", ("",)))


class Frozen(socketserver.BaseRequestHandler):
    """Greets and opens a channel as RabbitMQ does, and then says nothing until it may end."""

    server: "Server"

    def handle(self) -> None:
        for channel, answer in ((0, START), (0, TUNE), (0, OPEN_OK), (1, CHANNEL_OPEN_OK)):
            if answer is not OPEN_OK:  # "tune-ok" and "open" may come in one piece
                self.request.recv(4_096)
            self.request.sendall(frame(channel, *answer))
        self.server.may_end.wait()


class Server(socketserver.ThreadingTCPServer):
    """A port, and the moment at which its conversations end."""

    daemon_threads = True
    may_end = Event()


def frame(channel: int, class_: int, method: int, arguments: bytes) -> bytes:
    payload = struct.pack(">HH", class_, method) + arguments
    return struct.pack(">BHI", 1, channel, len(payload)) + payload + b"\xce"


@pytest.fixture
def frozen() -> Iterator[str]:
    """The address of a broker that answers no more."""
    server = Server(("127.0.0.1", 0), Frozen)
    with listening(server):
        yield f"amqp://guest:guest@127.0.0.1:{server.server_address[1]}//"
        server.may_end.set()


@pytest.mark.timeout(40)
def test_a_broker_that_hangs_is_given_up(frozen: str) -> None:
    options = transport_options(frozen)
    assert {options[name] for name in ("read_timeout", "write_timeout")} == {5}

    with Connection(frozen, transport_options=options | {"read_timeout": 1}) as link:
        with pytest.raises(TimeoutError):
            Queue("critical", channel=link.default_channel).declare()
        link.collect()
