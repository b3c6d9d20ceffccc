"""Servers of a test's own, in a thread."""

from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import BaseServer
from threading import Thread


@contextmanager
def listening(server: BaseServer) -> Iterator[None]:
    """Until the block ends, and not for half a second more, as would be the server's own way."""
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
