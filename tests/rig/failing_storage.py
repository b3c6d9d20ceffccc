"""A bucket over a line that fails: it stands between the shop and a real S3 server.

What it is given goes on as it came, under the same `Host`, so that signatures hold. One call in so
many fails: refused, cut off before or behind the server's work, or late. Whoever tries the same
again at once, as boto3 does, is not served either.
"""

import http.client
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import urlsplit

from tests.rig.listening import listening

MODES = ("503", "reset", "lost-reply", "slow")
SLOW = 2.0  # seconds
PATIENCE = 60.0
# Of one connection, not of what is said through it.
OF_THE_LINE = {"connection", "keep-alive", "transfer-encoding"}


class FailingStorage(ThreadingHTTPServer):
    """`one_in`: so many calls of which one fails; 0 for none. `failed` counts them by their way."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, behind: str, *, one_in: int, seed: int, slow: float = SLOW) -> None:
        self.behind = urlsplit(behind).netloc
        self.one_in, self.slow, self.calls = one_in, slow, 0
        self.failed: Counter[str] = Counter()
        self._chance = random.Random(seed)  # noqa: S311  a storm, not a secret
        self._again: dict[tuple[str, str], str] = {}
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Call)

    @property
    def url(self) -> str:
        """For whoever asks through it."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def fate(self, method: str, path: str) -> str:
        """How this call fails; "" where it does not."""
        with self._lock:
            if not self.one_in:
                return ""
            if mode := self._again.pop((method, path), ""):
                return mode
            self.calls += 1
            if self._chance.randrange(self.one_in):
                return ""
            mode = self._chance.choice(MODES)
            self.failed[mode] += 1
            if mode != "slow":
                self._again[(method, path)] = mode
            return mode

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever hangs up in the middle was killed, or it was us."""


class _Call(BaseHTTPRequestHandler):
    server: FailingStorage
    protocol_version: ClassVar[str] = "HTTP/1.1"  # type: ignore[misc]  # as the library has it

    def _serve(self) -> None:
        fate = self.server.fate(self.command, self.path)
        if fate == "reset":
            self.close_connection = True
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if fate == "503":
            self._answer(503, {}, b"")
            return
        if fate == "slow":
            time.sleep(self.server.slow)
        status, headers, content = self._ask(body)
        if fate == "lost-reply":
            self.close_connection = True
            return
        self._answer(status, headers, content)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _serve  # noqa: N815  the library's names

    def _ask(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        asked = {key: value for key, value in self.headers.items() if key.lower() != "expect"}
        line = http.client.HTTPConnection(self.server.behind, timeout=PATIENCE)
        try:
            line.request(self.command, self.path, body=body, headers=asked)
            answer = line.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            line.close()

    def _answer(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response_only(status)
        known = {key.lower() for key in headers}
        for key, value in headers.items():
            if key.lower() not in OF_THE_LINE:
                self.send_header(key, value)
        if "content-length" not in known:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def failing_storage(
    behind: str, *, one_in: int, seed: int, slow: float = SLOW
) -> Iterator[FailingStorage]:
    """Until the block ends."""
    server = FailingStorage(behind, one_in=one_in, seed=seed, slow=slow)
    with listening(server):
        yield server
