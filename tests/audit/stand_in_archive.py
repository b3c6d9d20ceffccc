"""A stand-in for the audit archive: real HTTP, and it answers as it is told."""

import json
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar


class Archive(BaseHTTPRequestHandler):
    """Set `status` and `headers_sent`; read what came in `seen`."""

    status: ClassVar[int] = 201
    headers_sent: ClassVar[dict[str, str]] = {}
    seen: ClassVar[list[tuple[str, str | None, Any]]] = []

    def do_POST(self) -> None:
        """Remember, and answer."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.seen.append((self.path, self.headers["Idempotency-Key"], body))
        self.send_response(self.status)
        for name, value in {"Content-Length": "2", **self.headers_sent}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: Any) -> None:
        """Quietly."""
