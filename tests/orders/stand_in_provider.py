"""A payment provider that answers as it is told, byte for byte: real HTTP, the real SDK asks it."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

CASES = Path(__file__).with_name("provider-answers.jsonl")
Answer = tuple[int, bytes, dict[str, str]]
INTENT = re.compile(r"(/payment_intents)/\w+")


@dataclass
class StandIn:
    """`answers`: by what is asked (`POST /refunds`), status, body and headers of the answer."""

    address: str
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    callers: set[tuple[str, int]] = field(default_factory=set)

    def says(self, to: str, status: int, body: Any, **headers: str) -> None:
        """Answer so from now on: JSON, or bytes as they are."""
        told = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.answers[to] = (status, told, headers)


class Server(ThreadingHTTPServer):
    """Whoever hangs up in the middle is no trouble of its."""

    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """Quietly."""


@contextmanager
def playing_provider() -> Iterator[StandIn]:
    """One that knows no more than it is told."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            path = INTENT.sub(r"\1/{id}", self.path.partition("?")[0]).removeprefix("/v1")
            provider.callers.add(self.client_address)
            provider.asked.append(f"{self.command} {path}")
            unknown: Answer = (404, b'{"error": {"type": "invalid_request_error"}}', {})
            status, body, headers = provider.answers.get(provider.asked[-1], unknown)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = answer  # noqa: N815 - the library's names

        def log_message(self, *_: Any) -> None:
            """Quietly."""

    with Server(("127.0.0.1", 0), Handler) as server:
        provider = StandIn(f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield provider
        server.shutdown()
