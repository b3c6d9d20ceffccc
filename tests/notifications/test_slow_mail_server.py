"""A mail server that never ends what it says holds nobody for longer than the deadline."""

import ssl
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from deferral.errors import Bury, Retry
from deferral.models import Breaker
from notifications import gateway
from notifications.gateway import Mail, send_mail
from tests.notifications.stand_in_server import GRANTED, Server
from tests.rig.listening import listening
from tests.webhooks.certificates import a_certificate, an_authority

pytestmark = pytest.mark.django_db
MAIL = Mail(key="k:1", to="ada@example.org", subject="Hello", text="Hello.", html="<p>Hello.</p>")
SILENCE = "the mail server did not answer within 0.5 s"


@pytest.fixture
def server(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Server:
    """That of the settings; what takes forty seconds takes half of one."""
    monkeypatch.setattr(gateway, "DEADLINE", 0.5)
    found = Server({})
    settings.EMAIL_BACKEND = "notifications.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", found.server_address[1]
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = "halyard"
    return found


def assert_silent(server: Server) -> None:
    """It is tried again, and the mail server's breaker knows why."""
    with listening(server), pytest.raises(Retry, match=SILENCE) as caught:
        send_mail(MAIL)

    assert caught.value.failure_kind == "silent"
    row = Breaker.objects.get()
    assert (row.failures, row.failure_kind, row.message) == (1, "silent", SILENCE)


@pytest.mark.parametrize("step", ["CONNECT", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "."])
def test_who_drips_did_not_answer_wherever_it_stands(server: Server, step: str) -> None:
    """Half a line with the right number would be taken for the whole."""
    server.drips_at = step

    assert_silent(server)


@pytest.mark.parametrize("step", ["CONNECT", "DATA", "."])
def test_who_hangs_is_ended(server: Server, step: str) -> None:
    server.hangs_at = step

    assert_silent(server)


@pytest.mark.parametrize("answer", ["2", "550 5.1.1 nob", "250-one\r\n250-tw"])
def test_half_an_answer_is_none(server: Server, answer: str) -> None:
    server.refusals["RCPT"], server.drips_at = answer, "RCPT"

    assert_silent(server)


def test_of_an_answer_without_end_the_beginning_is_read(server: Server) -> None:
    server.refusals["RCPT"], server.drips_at = "250-more\r\n" * 20_000, "RCPT"

    with listening(server), pytest.raises(Retry, match="not answer: SMTPServerDisconnected"):
        send_mail(MAIL)


def test_what_was_accepted_is_sent_however_long_the_goodbye(server: Server) -> None:
    server.drips_at = "QUIT"
    with listening(server):
        send_mail(MAIL)

    assert server.accepted == 1
    assert not Breaker.objects.filter(failures__gt=0)


def test_what_was_refused_for_good_is_buried_however_long_the_goodbye(server: Server) -> None:
    server.refusals["RCPT"], server.drips_at = "550 5.1.1 nobody", "QUIT"

    with listening(server), pytest.raises(Bury, match="550"):
        send_mail(MAIL)


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The server's, of an authority that is trusted here."""
    authority = an_authority(tmp_path / "trusted")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    return a_certificate(authority, "localhost")


@pytest.mark.parametrize("step", ["CONNECT", "."])
def test_who_drips_under_tls_is_ended(
    server: Server, step: str, certificate: Path, settings: Settings
) -> None:
    settings.EMAIL_USE_SSL = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.drips_at = step

    assert_silent(server)


def test_a_handshake_without_end_is_ended(server: Server, settings: Settings) -> None:
    settings.EMAIL_USE_SSL = True
    server.refusals["CONNECT"], server.drips_at = GRANTED["HANDSHAKE"], "CONNECT"

    assert_silent(server)


def test_one_that_begins_later_is_ended_too(server: Server, settings: Settings) -> None:
    settings.EMAIL_USE_TLS = True
    server.refusals["EHLO"], server.drips_at = "250-here\r\n250 STARTTLS", "HANDSHAKE"

    assert_silent(server)
