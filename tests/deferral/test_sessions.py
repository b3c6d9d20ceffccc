"""Calls of all threads share their connections, and nothing else. Real servers, real sockets."""

import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from deferral.external.deadlines import deadline
from deferral.external.sessions import Session
from tests.deferral.polite_server import Polite
from tests.rig.listening import listening
from tests.webhooks.certificates import a_certificate, an_authority


@pytest.fixture
def server() -> Iterator[Polite]:
    found = Polite()
    with listening(found):
        yield found


@pytest.fixture
def session() -> Iterator[Session]:
    with Session() as found:
        yield found


def test_a_deadline_of_before_does_not_cut_whoever_has_the_connection_now(
    server: Polite, session: Session
) -> None:
    with deadline(60) as end:
        session.get(server.url)
        with deadline(60), session.get(server.url, stream=True) as answer:
            end.strike()
            assert answer.text == "no"
    session.get(server.url)

    assert len(server.callers) == 1


def test_who_takes_a_connection_that_was_kept_is_watched(server: Polite, session: Session) -> None:
    session.get(server.url)
    with deadline(60) as end, session.get(server.url, stream=True):
        [handle] = end._handles
        assert handle.getsockname() in server.callers


def test_who_takes_one_under_tls_is_watched_too(
    server: Polite, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = an_authority(tmp_path / "trusted")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(a_certificate(authority, "localhost"))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    url = f"https://localhost:{server.server_port}/"

    session.get(url)
    with deadline(60) as end, session.get(url, stream=True):
        [handle] = end._handles
        assert server.callers == {handle.getsockname()}


def test_as_many_connections_are_kept_as_there_are_threads(
    server: Polite, session: Session
) -> None:
    server.together = threading.Barrier(64)
    with ThreadPoolExecutor(64) as threads:
        for _ in range(2):
            list(threads.map(session.get, [server.url] * 64))

    assert len(server.callers) == 64


def test_no_cookie_is_kept(server: Polite, session: Session) -> None:
    for _ in range(2):
        session.get(server.url)

    assert [headers.get("Cookie") for headers in server.headers] == [None, None]


@pytest.mark.parametrize(("userinfo", "sent"), [("", None), ("ada:pw@", "Basic YWRhOnB3")])
def test_no_password_is_sent_but_that_of_the_address(
    userinfo: str,
    sent: str | None,
    server: Polite,
    session: Session,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login root password hunter2")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))

    session.get(server.url.replace("//", f"//{userinfo}"))

    assert server.headers[0].get("Authorization") == sent


def test_a_proxy_of_the_environment_is_asked_and_watched(
    server: Polite, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.url)
    with deadline(60) as end, session.get("http://warehouse.example/", stream=True) as answer:
        assert (answer.status_code, len(end._handles)) == (200, 1)


@pytest.mark.parametrize("place", ["http://127.0.0.1:1/elsewhere", "http://[::1"])
def test_a_redirect_is_an_answer_wherever_it_leads(
    place: str, server: Polite, session: Session
) -> None:
    server.answer = (307, {"Location": place})

    assert session.get(server.url, allow_redirects=False).status_code == 307
    assert session.get(server.url).status_code == 307
