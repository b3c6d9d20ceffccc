"""A provider that takes mails by HTTP, as Postmark's API has it, with a log that can be asked.

Written from Postmark's description of its API, not from its code. What it has taken it keeps,
whatever it says of it afterwards.
"""

import json
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "server-token-of-the-stand-in"
TAKEN = {"ErrorCode": 0, "Message": "OK", "MessageID": "b7bc2f4a-e38e-4336-af7d-e6c392c2f817"}


class Provider(ThreadingHTTPServer):
    """`says`: by address, or "" for all, a status and a body for what it does not take.

    `loses`: it takes the mail, and hangs up. `hangs`: it takes it, and says nothing more. `headers`
    go with every answer. `log`: what its log answers instead of the truth. `other`: it is another
    provider than Postmark, and takes whatever comes with this answer.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.says: dict[str, tuple[int, Any]] = {}
        self.loses = self.hangs = False
        self.headers: dict[str, str] = {}
        self.log: tuple[int, Any] | None = None
        self.other: tuple[int, Any] | None = None
        self.taken: list[dict[str, Any]] = []
        self.callers: set[tuple[str, int]] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def inbox(self) -> dict[str, int]:
        """By address: how often it has taken a mail to it."""
        return dict(Counter(to_of(mail) for mail in self.taken))

    def handle_error(self, *_: Any) -> None:
        """Whoever hangs up in the middle is no trouble of its."""


class Conversation(BaseHTTPRequestHandler):
    """One connection, kept."""

    server: Provider
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.server.callers.add(self.client_address)
        mail = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.other:
            self.server.taken.append(mail | {"headers of HTTP": dict(self.headers)})
            return self.say(*self.server.other)
        if self.headers["X-Postmark-Server-Token"] != TOKEN:
            return self.say(401, {"ErrorCode": 10, "Message": "No or bad token."})
        if refused := self.server.says.get(to_of(mail)) or self.server.says.get(""):
            return self.say(*refused)
        self.server.taken.append(mail)
        if self.server.hangs:
            self.rfile.read()
        if self.server.loses or self.server.hangs:
            self.close_connection = True
            return None
        return self.say(200, {**TAKEN, "To": mail["To"]})

    def do_GET(self) -> None:
        asked = parse_qs(urlsplit(self.path).query)
        [name] = asked["metadata_mail"]
        found = [
            {"Metadata": mail["Metadata"], "Status": "Sent"}
            for mail in self.server.taken
            if mail["Metadata"]["mail"] == name and mail["MessageStream"] in asked["messagestream"]
        ]
        self.say(*self.server.log or (200, {"TotalCount": len(found), "Messages": found}))

    def say(self, status: int, body: Any) -> None:
        said = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(said)), **self.server.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""


def to_of(mail: dict[str, Any]) -> str:
    """The address alone."""
    return str(mail["To"]).rpartition("<")[2].rstrip(">")
