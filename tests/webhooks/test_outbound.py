"""Where a webhook may go, and how long and how much it may be answered. The wire is real."""

import socket
import ssl
import time
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import requests
import urllib3.util.connection
from pytest_django.fixtures import Settings

from tests.rig.dripping import Dripping
from tests.rig.listening import listening
from tests.webhooks.certificates import a_certificate, an_authority
from tests.webhooks.receiving import Receiver
from webhooks import connections, outbound
from webhooks.addresses import place_of
from webhooks.outbound import AddressRefused, Answer, post

PUBLIC = "93.184.215.14"
REFUSED = [
    "127.0.0.1",
    "localhost",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "127.1",
    "0.0.0.0",  # noqa: S104 - not to be bound to
    "10.1.2.3",
    "172.16.0.1",
    "192.168.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.192",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "[::]",
    "[::1]",
    "[::127.0.0.1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:169.254.169.254]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[fe80::1]",
    "[fec0::1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
]


def send(url: str) -> Answer:
    return post(url, body=b"{}", headers={"webhook-id": "1"})


def resolving(patch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """A name server for `.example` that answers one after the other; returns what was asked."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def look_up(host: str, port: Any, *args: Any, **kwargs: Any) -> Any:
        if str(host).endswith(".example"):
            asked.append(host)
            host = answers[min(len(asked), len(answers)) - 1]
        return real(host, port, *args, **kwargs)

    patch.setattr(socket, "getaddrinfo", look_up)
    return asked


def connecting(patch: pytest.MonkeyPatch) -> list[str]:
    """Nobody is connected to; returns whom somebody tried to."""
    tried: list[str] = []

    def connect(address: tuple[str, int], *_: Any, **__: Any) -> socket.socket:
        tried.append(address[0])
        raise ConnectionRefusedError

    patch.setattr(urllib3.util.connection, "create_connection", connect)
    return tried


@pytest.mark.parametrize("host", REFUSED)
def test_no_address_of_our_own_network_is_called(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = connecting(monkeypatch)

    with pytest.raises(AddressRefused, match="not public"):
        send(f"https://{host}/hooks")
    assert tried == []


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1"])
def test_nor_is_a_name_that_leads_to_one(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, address)
    tried = connecting(monkeypatch)

    with pytest.raises(AddressRefused, match=r"evil\.example leads to"):
        send("https://evil.example/hooks")
    assert tried == []


def test_a_name_that_is_rebound_is_asked_once_and_connected_to_as_it_was_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked, tried = resolving(monkeypatch, PUBLIC, "127.0.0.1"), connecting(monkeypatch)

    assert send("https://rebind.example/hooks").error.startswith("did not answer")
    assert (asked, tried) == (["rebind.example"], [PUBLIC])
    with pytest.raises(AddressRefused):
        send("https://rebind.example/hooks")
    assert tried == [PUBLIC]


@pytest.mark.parametrize(
    "url",
    [
        "http://partner.example/",
        "ftp://partner.example/",
        "file:///etc/passwd",
        "partner.example",
        "https://",
        "https://partner.example:99999/",
        f"https://{'x' * 64}.example/",
        "https://[::1/",
        "https://ada:secret@partner.example/",
        "https://partner.example:443@169.254.169.254/",
        "https://partner.example /",
        "https://partner.example\t/",
        "https://partner\x00.example/",
        "",
    ],
)
def test_what_is_no_address_is_refused_and_no_crash(url: str) -> None:
    with pytest.raises(AddressRefused):
        send(url)


def test_two_parsers_cannot_find_two_hosts_in_one_address(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = connecting(monkeypatch)
    for url in (
        f"http://169.254.169.254\\@{receiver.host}/",
        f"http://169.254.169.254/\\@{receiver.host}/",
        f"http://{receiver.host}\\@169.254.169.254/",
        f"http://169.254.169.254#@{receiver.host}/",
        f"http://169.254.169.254?@{receiver.host}/",
        f"http://{receiver.host}@169.254.169.254/",
        f"http://169.254.169.254 @{receiver.host}/",
    ):
        with pytest.raises(AddressRefused):
            send(url)
    assert tried == []


def test_what_is_refused_is_named_without_its_secrets() -> None:
    with pytest.raises(AddressRefused) as refused:
        send("https://ada:secret@partner.example/token")

    assert "secret" not in str(refused.value)
    assert place_of("https://partner.example/hooks?token=1") == "https://partner.example"


def test_a_name_server_that_does_not_answer_is_waited_for_in_vain_but_not_for_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answered = Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answered.wait(10))
    monkeypatch.setattr(connections, "LOOK_UP", 0.3)
    began = time.monotonic()
    answer = send("https://slow.example/")
    answered.set()

    assert time.monotonic() - began < 2
    assert (answer.status, answer.timed_out) == (None, True)
    assert answer.error == "did not answer: NameServerSilent"


def test_a_named_private_address_is_called_and_its_neighbour_is_not(receiver: Receiver) -> None:
    receiver.answer(200, b"thanks")

    answer = send(receiver.url)

    assert (answer.status, answer.text, answer.is_accepted) == (200, "thanks", True)
    with pytest.raises(AddressRefused):
        send(f"http://127.0.0.1:{receiver.server_port + 1}/")


def test_a_redirect_is_an_answer_and_is_not_followed(receiver: Receiver) -> None:
    receiver.answer(307, location="http://169.254.169.254/latest/meta-data/")

    assert (send(receiver.url).status, len(receiver.received)) == (307, 1)


def test_an_answer_before_the_answer_is_a_failure(receiver: Receiver) -> None:
    receiver.answer(103)

    assert not send(receiver.url).is_accepted


def test_the_environments_proxy_is_not_asked(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    receiver.answer(200)

    assert send(receiver.url).status == 200


def test_a_long_answer_is_read_in_part(receiver: Receiver) -> None:
    receiver.answer(200, b"x" * 1_000_000)

    assert len(send(receiver.url).text) == 65_536


def test_a_packed_answer_is_not_unpacked(receiver: Receiver) -> None:
    receiver.answer(200, b"\x1f\x8b not really", content_encoding="gzip")

    assert "not really" in send(receiver.url).text


def test_nobody_listening_is_an_answer_too(settings: Settings) -> None:
    settings.WEBHOOK_PRIVATE_HOSTS = ["127.0.0.1:9"]

    answer = send("http://127.0.0.1:9/")

    assert (answer.status, answer.timed_out) == (None, False)
    assert answer.error == "did not answer: ConnectionError"


@pytest.mark.parametrize(
    ("first", "status"),
    [
        (b"HTTP/1.1 200 OK\r\nX-Slow: ", None),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", 200),
    ],
)
def test_who_drips_is_cut_off_after_the_time_for_all_of_it(
    first: bytes, status: int | None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A time-out for each read would wait for ever. Once all headers are said the status stands."""
    monkeypatch.setattr(outbound, "DEADLINE", 0.5)
    server = Dripping(first)
    settings.WEBHOOK_PRIVATE_HOSTS = [f"127.0.0.1:{server.server_address[1]}"]
    with listening(server):
        began = time.monotonic()
        answer = send(f"http://127.0.0.1:{server.server_address[1]}/")

    assert time.monotonic() - began < 2
    assert answer.status == status
    assert answer.timed_out is (status is None)


def test_a_handshake_that_never_ends_is_cut_off_as_well(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound, "DEADLINE", 0.5)
    server = Dripping(b"\x16\x03\x03\x3f\xff\x02\x00\x3f\xfb")
    settings.WEBHOOK_PRIVATE_HOSTS = [f"127.0.0.1:{server.server_address[1]}"]
    with listening(server):
        began = time.monotonic()
        answer = send(f"https://127.0.0.1:{server.server_address[1]}/")

    assert time.monotonic() - began < 2
    assert (answer.status, answer.timed_out) == (None, True)


@pytest.mark.parametrize(
    ("name", "by", "said"),
    [
        ("acme.example", "trusted", None),
        ("other.example", "trusted", "did not answer: SSLError"),
        ("acme.example", "unknown", "did not answer: SSLError"),
    ],
)
def test_only_who_proves_to_be_the_name_is_told(
    name: str, by: str, said: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address is checked and connected to; the certificate is the name's all the same."""
    authorities = {which: an_authority(tmp_path / which) for which in ("trusted", "unknown")}
    monkeypatch.setattr(requests.adapters, "DEFAULT_CA_BUNDLE_PATH", str(authorities["trusted"]))
    asked = resolving(monkeypatch, PUBLIC)
    server, context = Receiver(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(a_certificate(authorities[by], name))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    answering_for(PUBLIC, server, monkeypatch)
    server.answer(204)
    with listening(server):
        answer = send("https://acme.example/hooks")

    assert (answer.error or None, answer.is_accepted) == (said, said is None)
    assert (asked, len(server.received)) == (["acme.example"], 1 if said is None else 0)


def answering_for(address: str, server: Receiver, patch: pytest.MonkeyPatch) -> None:
    """Who connects to the address speaks to the server."""
    real = socket.create_connection

    def connect(where: tuple[str, int], timeout: float, **_: Any) -> socket.socket:
        assert where == (address, 443)
        return real(("127.0.0.1", server.server_port), timeout)

    patch.setattr(urllib3.util.connection, "create_connection", connect)
