"""A sender with a real line to a real server, which breaks where a test wants it to."""

import http.client
import json
import socket
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit
from zlib import crc32

from django.test import Client

TOKEN = "x" * 32


@dataclass
class Sender:
    """Signed in; what it knows is what the server has told it, as a page's script knows it."""

    address: str
    client: Client
    whole: bytes
    state: dict[str, Any] = field(default_factory=dict)

    @property
    def headers(self) -> dict[str, str]:
        """Of a page of ours."""
        session = self.client.cookies["sessionid"].value
        return {"Cookie": f"sessionid={session}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN}

    def begin(self, ticket: str) -> None:
        """Or go on."""
        said = {"ticket": ticket, "name": "pier.mp4", "size": len(self.whole)}
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        status, self.state = self.ask("POST", "/uploads/", urlencode(said).encode(), kind)
        assert status == 200, self.state

    def ask(
        self, method: str, path: str, body: bytes = b"", more: dict[str, str] | None = None
    ) -> tuple[int, dict[str, Any]]:
        """One request on a line of its own."""
        line = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=60)
        try:
            line.request(method, path, body, self.headers | (more or {}))
            answer = line.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            line.close()

    def look(self) -> None:
        """How much of it is there."""
        _, self.state = self.ask("GET", self.state["at"])

    def part(self) -> bytes:
        """The next one."""
        start = self.state["received"]
        return self.whole[start : start + self.state["part"]]

    def about(self, part: bytes) -> dict[str, str]:
        """What is said of it."""
        start = self.state["received"]
        summed = crc32(part, self.state["crc"])
        return {"Upload-Offset": str(start), "Upload-Crc": str(summed)}

    def send_part(self) -> None:
        """Whole; the answer says how it goes on."""
        part = self.part()
        kind = {"Content-Type": "application/octet-stream"}
        path = self.state["send_to"]
        status, self.state = self.ask("POST", path, part, self.about(part) | kind)
        assert status == 200, self.state

    def break_off(self, share: float) -> None:
        """So much of a part, and then nobody is there any more."""
        part = self.part()
        about = {**self.headers, **self.about(part), "Content-Length": str(len(part))}
        head = "".join(f"{name}: {value}\r\n" for name, value in about.items())
        place = urlsplit(self.address)
        line = socket.create_connection((place.hostname or "", place.port or 0), timeout=60)
        asked = f"POST {self.state['send_to']} HTTP/1.1\r\nHost: {place.netloc}\r\n"
        line.sendall(f"{asked}{head}\r\n".encode())
        line.sendall(part[: int(len(part) * share)])
        # Cut, not closed in order: what is in the kernel is thrown away, and the server gets RST.
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        line.close()
