"""A real mail server that takes it, refuses it for good, or not now."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from deferral.errors import Bury, Retry
from notifications import gateway
from notifications.gateway import Attachment, Mail, message_id, send_mail
from notifications.outcomes.not_deliverable import NotDeliverable
from tests.notifications.stand_in_server import Server
from tests.rig.listening import listening
from tests.rig.ports import free_ports
from tests.rig.running_sandbox import Sandbox

# The mail server has a breaker, which is a row.
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _really_sent(sandbox: Sandbox, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "notifications.smtp.EmailBackend"
    assert sandbox.smtp_port == settings.EMAIL_PORT


Refusing = Callable[[dict[str, str]], None]


@pytest.fixture
def refusing(settings: Settings) -> Iterator[Refusing]:
    """A mail server that wants our password, and refuses what it is told to."""
    server = Server({})
    with listening(server):
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.server_address[1]
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = "halyard"
        yield server.refusals.update


def a_mail(**changes: Any) -> Mail:
    """Under a key that no order of another test can have."""
    facts: dict[str, Any] = {
        "key": "order_confirmation:of-12",
        "to": "taken@example.org",
        "subject": "Your order H-12",
        "text": "Thank you.",
        "html": "<p>Thank you.</p>",
        "attachments": (Attachment(filename="receipt é.pdf", content=b"%PDF"),),
    }
    return Mail(**(facts | changes))


def test_it_arrives_whole_and_the_key_is_its_message_id(sandbox: Sandbox) -> None:
    send_mail(a_mail())

    [mail] = sandbox.mails("taken@example.org")
    assert mail["subject"] == "Your order H-12"
    assert mail["message_id"] == "<order_confirmation.3Aof-12@127.0.0.1>"
    assert mail["attachments"] == [{"name": "receipt é.pdf", "type": "application/pdf", "size": 4}]


def test_sent_again_it_is_the_same_mail(sandbox: Sandbox) -> None:
    mail = a_mail(key="order_confirmation:of-13", to="twice@example.org", subject="Your order H-13")
    send_mail(mail)
    send_mail(mail)

    assert sandbox.entries("mail", "H-13") == [("Your order", 1, 1, 0)]
    assert len(sandbox.mails("twice@example.org")) == 1


@pytest.mark.parametrize("key", ["late_document:ticket:1:2", "a b@c>\r\nBcc: x", "é"])
def test_no_key_breaks_out_of_the_header(key: str) -> None:
    assert set(message_id(key)[1:-1].partition("@")[0]) <= set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-~"
    )


def test_different_keys_are_different_mails() -> None:
    assert message_id("ticket:1:12") != message_id("ticket:11:2")


def test_a_refusal_for_good_is_buried() -> None:
    with pytest.raises(Bury, match="550"):
        send_mail(a_mail(to="bounce@example.org"))


def test_a_refusal_for_now_is_tried_again() -> None:
    with pytest.raises(Retry, match="451") as caught:
        send_mail(a_mail(to="defer@example.org"))

    assert caught.value.failure_kind == "unable"


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("CONNECT", "554 no service here"),
        ("EHLO", "500 what"),
        ("AUTH", "535 5.7.8 wrong password"),
        ("MAIL", "553 5.7.1 not your address"),
        ("RCPT", "530 5.7.0 authentication required"),
        ("RCPT", "450 mailbox busy"),
        ("RCPT", "554 5.7.1 no mail from you"),
        ("RCPT", "550 relay not permitted"),
        ("RCPT", "554 blocked"),
        ("RCPT", "550 5.1.8 sender address rejected: domain not found"),
        ("RCPT", "503 5.5.1 out of step"),
        (".", "452 no room"),
        (".", "550 5.7.26 this mail is not authenticated"),
        (".", "554 your network is listed"),
    ],
)
def test_a_server_that_refuses_us_buries_no_mail(
    refusing: Refusing, step: str, answer: str
) -> None:
    refusing({step: answer} | ({"HELO": answer} if step == "EHLO" else {}))

    with pytest.raises(Retry, match=answer[:3]) as caught:
        send_mail(a_mail())

    assert caught.value.failure_kind == "unable"


@pytest.mark.parametrize(
    ("step", "answer", "outcome"),
    [
        ("RCPT", "550 no such user", NotDeliverable),
        ("RCPT", "550 5.1.1 no such user", NotDeliverable),
        ("RCPT", "552 5.3.4 larger than we take", Bury),
        (".", "550 5.1.1 no such user, after all", NotDeliverable),
        (".", "552 5.2.2 mailbox full", NotDeliverable),
        ("DATA", "554 no", Bury),
        (".", "554 5.6.0 what is this", Bury),
    ],
)
def test_a_server_that_refuses_the_recipient_or_the_message_does(
    refusing: Refusing, step: str, answer: str, outcome: type[Bury]
) -> None:
    refusing({step: answer})

    with pytest.raises(Bury, match=answer[:3]) as caught:
        send_mail(a_mail())

    assert type(caught.value) is outcome


def test_a_server_that_is_not_there_is_tried_again(settings: Settings) -> None:
    [settings.EMAIL_PORT] = free_ports(1)

    with pytest.raises(Retry, match="did not answer: ConnectionRefusedError") as caught:
        send_mail(a_mail())

    assert caught.value.failure_kind == "silent"


def test_a_server_that_hangs_up_is_tried_again(sandbox: Sandbox) -> None:
    sandbox.fault("mail", mode="reset")

    with pytest.raises(Retry) as caught:
        send_mail(a_mail(key="order_confirmation:14"))

    assert caught.value.failure_kind == "silent"


def test_the_domain_on_the_wire_is_the_one_that_was_validated(refusing: Refusing) -> None:
    refusing({"RCPT": "550 5.1.1 nobody"})

    with pytest.raises(Bury, match=r"ada@xn--strae-oqa\.example"):
        send_mail(a_mail(to="ada@stra\u00dfe.example"))  # as rows of before hold it


def test_what_the_message_says_of_itself_is_what_is_on_the_wire(
    sandbox: Sandbox, settings: Settings
) -> None:
    settings.DEFAULT_FROM_EMAIL = "J\u00f6rg <post@stra\u00dfe.example>"
    message = gateway._message(a_mail(to="ada@stra\u00dfe.example"))

    raw = message.message().as_bytes()
    assert b"To: ada@xn--strae-oqa.example" in raw
    assert b"<post@xn--strae-oqa.example>" in raw
    assert b"strasse" not in raw
    send_mail(a_mail(to="ada@stra\u00dfe.example", key="order_confirmation:of-15"))
    assert sandbox.mails("ada@xn--strae-oqa.example")


def test_an_address_that_no_server_could_take_is_buried_and_asks_nobody(
    settings: Settings,
) -> None:
    [settings.EMAIL_PORT] = free_ports(1)

    with pytest.raises(Bury, match="cannot be mailed"):
        send_mail(a_mail(to="ada@example\u200f.com"))
