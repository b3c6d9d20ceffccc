"""A server that gives every request the same answer: what a real S3 server never says to us."""

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from tests.rig.dripping import Dripping
from tests.rig.ports import free_ports

# What S3 says with every file.
OF_A_FILE = {"ETag": '"0"', "Last-Modified": "Mon, 30 Nov 2026 04:00:00 GMT"}
EMPTY_LIST = b"<ListBucketResult><Name>b</Name><IsTruncated>false</IsTruncated></ListBucketResult>"


def error(code: str) -> bytes:
    return f"<Error><Code>{code}</Code><Message>so it is</Message></Error>".encode()


@dataclass(frozen=True)
class Answer:
    """`length` is what it says of its body, `kept` what it says to a HEAD. `cut`: reset."""

    status: int
    body: bytes = b""
    length: int | None = None
    kept: int = 0
    head: int = 200
    of_a_file: bool = True
    cut: bool = False

    def lines(self, command: str) -> tuple[int, dict[str, str]]:
        """Status and headers."""
        said = len(self.body) if self.length is None else self.length
        status, said = (self.head, self.kept) if command == "HEAD" else (self.status, said)
        known = OF_A_FILE if self.of_a_file else {}
        return status, {"Content-Length": str(said), "Connection": "close", **known}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "Server"

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, headers = self.server.answer.lines(self.command)
        self.send_response(status)
        for name, value in (headers | self.server.headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(self.server.answer.body)
        self.close_connection = True

    do_GET = do_PUT = do_HEAD = do_DELETE = answer  # noqa: N815

    def log_message(self, *_: Any) -> None:
        """Nothing."""


class Server(ThreadingHTTPServer):
    answer: Answer
    headers: dict[str, str]

    def shutdown_request(self, request: Any) -> None:
        """RST instead of FIN, where it is to be cut."""
        if self.answer.cut:
            request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_request(request)
        else:
            super().shutdown_request(request)


@contextmanager
def answering(
    status: int, body: bytes = b"", *, headers: dict[str, str] | None = None, **known: Any
) -> Iterator[str]:
    """Its address."""
    server = Server(("127.0.0.1", free_ports(1)[0]), Handler)
    server.answer, server.headers = Answer(status, body, **known), headers or {}
    Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def dripping(first: bytes) -> Iterator[str]:
    """One that goes on letter by letter, for ever. Its address."""
    with Dripping(first) as server:
        Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
        yield f"http://{server.place}"
        server.shutdown()
