"""How the web reads and writes: nobody's slowness takes a thread, or a connection for ever.

A server of a test's own, with one thread, whose loop the test turns and whose clock it sets.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.task import ThreadedTaskDispatcher

from config import patience, webserver
from config.webserver import MOST_BODY, PatientTcpServer
from media.large_bodies import with_room
from tests.rig.surroundings import ROOT

pytestmark = pytest.mark.exhaustive

LARGE = 12_000_000
TOLD = ("wsgi.url_scheme", "SCRIPT_NAME", "PATH_INFO", "REMOTE_ADDR")
GET = b"GET / HTTP/1.1\r\nHost: shop\r\n"
POST = b"POST / HTTP/1.1\r\nHost: shop\r\n"
FOR_FILES = f" {with_room('/admin/shop/productimport/upload/')} ".encode()


def application(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
    """Answers with how much it was sent; under /large with more than buffers hold, under /told
    with what it was told of itself.
    """
    told = " ".join(repr(environ[name]) for name in TOLD)
    pages = {"/large": b"x" * LARGE, "/told": told.encode()}
    body = pages.get(environ["PATH_INFO"], b"%d sent" % len(environ["wsgi.input"].read()))
    start("200 OK", [("Content-Length", str(len(body)))])
    return [body]


@dataclass
class Served:
    """The server, and its clients."""

    server: PatientTcpServer
    map: dict[int, Any]
    lines: list[socket.socket] = field(default_factory=list)

    def client(self, sent: bytes = b"") -> socket.socket:
        """Connected, with so much sent and read."""
        line = socket.socket()
        line.connect(self.server.socket.getsockname())
        self.lines.append(line)
        self.send(line, sent)
        return line

    def send(self, line: socket.socket, data: bytes) -> None:
        """So that the server has read it."""
        line.sendall(data)
        self.turn()

    def turn(self, times: int = 10) -> None:
        """Let it read and write what there is."""
        for _ in range(times):
            wasyncore.loop(0.01, use_poll=True, map=self.map, count=1)

    def later(self, seconds: float) -> None:
        """So much later nothing has happened."""
        self.server.maintenance(time.time() + seconds)
        self.turn(4)

    def answer(self, line: socket.socket) -> bytes:
        """What comes, until nothing comes for a while."""
        line.settimeout(0.02)
        found, silence = b"", 0
        while silence < 8:
            self.turn(1)
            try:
                part = line.recv(65_536)
            except TimeoutError:
                silence += 1
                continue
            except ConnectionResetError:
                break
            if not part:
                break
            found, silence = found + part, 0
        return found

    def wait_for_an_answer(self) -> None:
        """Until its thread has left one for the loop to write."""
        while not any(each.total_outbufs_len for each in self.server.active_channels.values()):
            self.turn(1)

    @property
    def moved(self) -> int:
        """Bytes that the server knows its clients to have taken: a moment later than they did."""
        channels = self.server.active_channels.values()
        return sum(each.writing.moved for each in channels if each.writing)

    @property
    def count(self) -> int:
        """Connections that are open."""
        return len(self.server.active_channels)


@pytest.fixture
def served() -> Iterator[Served]:
    """One thread: what takes it is noticed by the next request."""
    sock, threads = socket.create_server(("127.0.0.1", 0)), ThreadedTaskDispatcher()
    found: dict[int, Any] = {}
    threads.set_thread_count(1)
    made = Adjustments(**webserver.LIMITS, sockets=[sock], threads=1, channel_timeout=75)
    about = (sock.family, sock.type, sock.proto, sock.getsockname())
    server = PatientTcpServer(
        application,
        map=found,
        _sock=sock,
        dispatcher=threads,
        adj=made,
        sockinfo=about,
        bind_socket=False,
    )
    served = Served(server, found)
    yield served
    for line in served.lines:
        line.close()
    threads.shutdown(timeout=5)
    wasyncore.close_all(found)


@pytest.mark.parametrize(
    "begun", [GET, GET + b"Cookie: a", POST + b"Content-Length: 9\r\n\r\n123", b"\r\n" + GET[:3]]
)
def test_who_does_not_end_a_request_is_shut_out(served: Served, begun: bytes) -> None:
    served.client(begun)

    served.later(patience.GRACE - 2)
    assert served.count == 1
    served.later(patience.GRACE + 2)
    assert served.count == 0


def test_dripping_keeps_nobody_in_and_sending_at_a_pace_does(served: Served) -> None:
    dripping = served.client(POST + b"Content-Length: 900000\r\n\r\n")
    steady = served.client(POST + b"Content-Length: 900000\r\n\r\n")
    served.send(dripping, b"1")
    served.send(steady, b"1" * 60_000)
    served.turn(60)

    served.later(100)
    assert served.count == 1
    served.later(200)
    assert served.count == 0


def test_who_does_not_take_an_answer_holds_no_thread_and_is_shut_out(served: Served) -> None:
    reader = served.client(b"GET /large HTTP/1.1\r\nHost: shop\r\n\r\n")
    served.wait_for_an_answer()

    assert served.answer(served.client(GET + b"\r\n")).endswith(b"0 sent")
    served.later(0)
    assert served.count == 2
    served.later(10_000)
    assert served.count == 0
    assert reader.fileno() > 0


def test_who_takes_an_answer_at_a_pace_gets_all_of_it(served: Served) -> None:
    reader = served.client(b"GET /large HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n")
    served.wait_for_an_answer()
    served.later(0)
    reader.settimeout(0.02)
    taken, is_over = 0, False
    while not is_over:
        served.later(min(taken, served.moved) / 1_000)
        with suppress(TimeoutError):
            part = reader.recv(1_000_000)
            taken, is_over = taken + len(part), not part

    assert taken > LARGE


def test_a_kept_connection_is_kept_longer_than_proxies_keep_theirs(served: Served) -> None:
    line = served.client(GET + b"\r\n")
    assert served.answer(line).endswith(b"0 sent")

    served.later(74)
    assert served.count == 1
    served.later(77)
    assert served.count == 0


def test_when_there_are_too_many_the_longest_waiting_make_room(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webserver, "MOST_CONNECTIONS", 4)
    monkeypatch.setattr(webserver, "ROOM", 1)
    oldest, *others = [served.client(GET) for _ in range(4)]

    served.later(0)
    assert served.count == 3
    assert served.answer(oldest) == b""
    served.send(others[0], b"\r\n")
    assert served.answer(others[0]).endswith(b"0 sent")


@pytest.mark.parametrize(
    ("status", "sent"),
    [
        (400, GET + b"a: b\r\n" * 101 + b"\r\n"),
        (400, GET + b"a: " + b"b" * 9_000 + b"\r\n\r\n"),
        (400, b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: shop\r\n\r\n"),
        (431, GET + (b"a: " + b"b" * 8_000 + b"\r\n") * 5),
        (413, POST + b"Content-Length: 9000000000\r\n\r\n"),
        (400, POST + b"Content-Length: +5\r\n\r\nabcde"),
        (400, POST + b"Content-Length: 5, 5\r\n\r\nabcde"),
        (501, POST + b"Transfer-Encoding: gzip\r\n\r\n"),
        (400, POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"),
    ],
    ids=[
        "fields",
        "a long field",
        "a long address",
        "long fields together",
        "a long body",
        "a length with a sign",
        "two lengths",
        "a strange coding",
        "no chunk",
    ],
)
def test_what_is_too_much_is_refused_before_it_is_whole(
    served: Served, status: int, sent: bytes
) -> None:
    assert served.answer(served.client(sent)).split()[1] == b"%d" % status


def test_a_body_may_be_larger_where_files_are_brought_and_nowhere_else(served: Served) -> None:
    size = MOST_BODY + 100_000
    said = b"Content-Length: %d\r\n\r\n" % size
    line = served.client(POST.replace(b" / ", FOR_FILES) + said)
    refused = served.client(POST.replace(b" / ", b" /admin/shop/product/add/ ") + said)

    assert b"At most 2,621,440 bytes can be sent here at once." in served.answer(refused)
    for _ in range(size // 65_536):
        served.send(line, b"x" * 65_536)
    served.send(line, b"x" * (size % 65_536))
    assert b"%d sent" % size in served.answer(line)


def test_a_file_of_200_mb_is_refused_before_it_is_sent(served: Served) -> None:
    line = served.client(POST.replace(b" / ", FOR_FILES) + b"Content-Length: 209715200\r\n\r\n")

    assert b"At most 64,000,000 bytes can be sent here at once." in served.answer(line)


def test_a_body_without_a_length_has_the_same_bound(served: Served) -> None:
    line = served.client(POST + b"Transfer-Encoding: chunked\r\n\r\n")
    line.setblocking(False)  # noqa: FBT003  the socket's own way
    chunk = b"10000\r\n" + b"a" * 65_536 + b"\r\n"
    for _ in range(60):
        with pytest.MonkeyPatch.context():
            try:
                line.send(chunk)
            except (BlockingIOError, ConnectionError):
                break
        served.turn(12)

    assert b" 413 " in served.answer(line)[:20]


def test_bodies_are_whole_whichever_way_they_come(served: Served) -> None:
    chunked = POST + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"

    assert served.answer(served.client(chunked)).endswith(b"5 sent")
    assert served.answer(served.client(POST + b"Content-Length: 5\r\n\r\nabcde")).endswith(
        b"5 sent"
    )


def test_nothing_a_client_writes_changes_what_the_shop_is_told_of_itself(served: Served) -> None:
    lies = b"SCRIPT_NAME: /told\r\nPATH_INFO: /large\r\nREMOTE_ADDR: 192.0.2.1\r\n"
    lies += b"X-Forwarded-Proto: https\r\nX-Forwarded-Prefix: /x\r\nX-Forwarded-For: 192.0.2.1\r\n"
    answer = served.answer(served.client(b"GET /told HTTP/1.0\r\n" + lies + b"\r\n"))

    assert answer.endswith(b"'http' '' '/told' '127.0.0.1'")


def test_a_server_that_stops_keeps_no_connection(served: Served) -> None:
    line = served.client(GET)
    served.server.stop_listening()
    served.send(line, b"\r\n")

    answer = served.answer(line)
    assert b"Connection: close" in answer
    assert answer.endswith(b"0 sent")
    assert served.count == 0


@pytest.mark.usefixtures("starts_processes")
def test_the_web_has_a_pool_of_connections_wherever_it_is_started() -> None:
    """Its role was set after the settings had been read, where no variable said it."""
    env = {name: value for name, value in os.environ.items() if name != "ROLE"}
    look = "import runpy; runpy.run_path('deploy/web.py'); import config.wsgi; {}".format(
        "from django.conf import settings; print(*settings.DATABASES['default']['OPTIONS'])"
    )
    command = [sys.executable, "-c", look]
    told = subprocess.run(command, env=env, cwd=ROOT, check=True, stdout=subprocess.PIPE)  # noqa: S603  ours

    assert b"pool" in told.stdout.split()
