"""Servers that keep a conversation up without end, a letter at a time."""

import socketserver
import time


class Dripping(socketserver.ThreadingTCPServer):
    """Says `first`, and then one letter each tenth of a second, for ever."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, first: bytes) -> None:
        self.first = first
        super().__init__(("127.0.0.1", 0), Drip)

    @property
    def place(self) -> str:
        """As it is written in an address."""
        return f"127.0.0.1:{self.server_address[1]}"


class Drip(socketserver.StreamRequestHandler):
    """Until somebody hangs up."""

    server: Dripping

    def handle(self) -> None:
        try:
            self.wfile.write(self.server.first)
            while True:
                self.wfile.write(b"x")
                time.sleep(0.1)
        except OSError:
            return
