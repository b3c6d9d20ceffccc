"""An external service that keeps connections open, for tests of who shares them."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Polite(ThreadingHTTPServer):
    """Keeps connections open, sets a cookie, and writes down who came how."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Manners)
        self.callers: set[tuple[str, int]] = set()
        self.headers: list[dict[str, str]] = []
        self.together = threading.Barrier(1)
        self.answer: tuple[int, dict[str, str]] = (200, {"Set-Cookie": "who=them; Path=/"})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"

    def handle_error(self, *_: Any) -> None:
        """Whoever hangs up in the middle is no trouble of its."""


class Manners(BaseHTTPRequestHandler):
    """One connection."""

    server: Polite
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.together.wait(10)
        self.server.callers.add(self.client_address)
        self.server.headers.append(dict(self.headers))
        status, headers = self.server.answer
        self.send_response(status)
        for name, value in {"Content-Length": "2", **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(b"no")

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""
