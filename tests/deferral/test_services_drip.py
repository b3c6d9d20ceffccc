"""An external service that never ends what it says holds nobody for longer than the deadline."""

import os
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from deferral.errors import Retry
from deferral.external import http
from deferral.external.http import connections, tell
from deferral.external_services import external_service
from deferral.failure_kinds import FailureKind
from deferral.models import Breaker
from tests.rig.dripping import Dripping
from tests.rig.listening import listening
from tests.webhooks.certificates import a_certificate, an_authority

pytestmark = pytest.mark.django_db
THEM = external_service("dripping")
# The first bytes of a long ServerHello.
HELLO = b"\x16\x03\x03\x3f\xff\x02\x00\x3f\xfb"
OK = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What takes twenty seconds, in half of one; and connections of this test alone."""
    monkeypatch.setattr(http, "DEADLINE", 0.5)
    connections.cache_clear()
    yield
    connections().close()
    connections.cache_clear()


def silence_of(url: str) -> str:
    """What the job is told of it."""
    with pytest.raises(Retry) as caught:
        tell(THEM, url, key="k", content={})

    assert caught.value.failure_kind is FailureKind.SILENT
    return str(caught.value)


@pytest.mark.parametrize(
    "first",
    [
        b"",
        b"HTTP/1.1 ",
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
        b"HTTP/1.1 100 Continue\r\nX-Slow: ",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9999\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;",
        b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 9999\r\n\r\n",
        b"HTTP/1.1 422 No\r\nContent-Length: 9999\r\n\r\n",
    ],
)
def test_who_drips_did_not_answer_wherever_it_stands(first: bytes) -> None:
    server = Dripping(first)
    with listening(server):
        assert silence_of(f"http://{server.place}/") == "dripping did not answer within 0.5 s"

    row = Breaker.objects.get()
    assert (row.failures, row.failure_kind, row.message) == (
        (1, "silent", "dripping did not answer within 0.5 s")
    )


def test_a_handshake_without_end_is_ended() -> None:
    server = Dripping(HELLO)
    with listening(server):
        assert silence_of(f"https://{server.place}/") == "dripping did not answer within 0.5 s"


def test_who_drips_under_tls_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = an_authority(tmp_path / "trusted")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority))
    server, context = Dripping(OK), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(a_certificate(authority, "localhost"))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with listening(server):
        url = f"https://localhost:{server.server_address[1]}/"
        assert silence_of(url) == "dripping did not answer within 0.5 s"


def test_an_answer_without_end_is_read_in_part() -> None:
    """What is said at its beginning counts, and the rest is not waited for."""
    server = Dripping(OK + b"Content-Length: 999999999\r\n\r\n" + bytes(200_000))
    with listening(server):
        tell(THEM, f"http://{server.place}/", key="k", content={})


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_a_child_has_connections_of_its_own() -> None:
    parents = connections()
    child = os.fork()
    if not child:  # whatever happens in it, it is no second run of the tests
        try:
            os._exit(0 if connections() is not parents else 1)
        finally:
            os._exit(2)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
