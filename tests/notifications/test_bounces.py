"""Mails that come back: suppressed where that is certain, and nobody else's address is."""

import io
import mailbox
import sys
from email import message_from_bytes
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings

from notifications.campaigns.bounces import read_bounce
from notifications.campaigns.message import message_for
from notifications.campaigns.recipients import Claimed
from notifications.campaigns.return_path import leaving_address, recipient_of, return_path
from notifications.models import Campaign, Recipient, Subscription, Suppression
from tests.notifications.mailings import started, states, subscribe

pytestmark = pytest.mark.django_db(transaction=True)

REPORT = """\
From: MAILER-DAEMON@mx.example
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="x"

--x
Content-Type: text/plain

I'm sorry.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
--x--
"""


@pytest.fixture
def campaign(settings: Settings) -> Campaign:
    settings.BOUNCE_ADDRESS = "bounces@shop.example"
    subscribe("ada@back.example.org")
    return started()


def a_report(to: str, address: str = "ada@back.example.org", *, action: str = "failed") -> bytes:
    status = "5.1.1" if action == "failed" else "4.4.1"
    return REPORT.format(to=to, address=address, action=action, status=status).encode()


def test_a_mail_that_came_back_for_good_suppresses_its_address(campaign: Campaign) -> None:
    said = read_bounce(a_report(return_path(campaign, 1)))

    assert said.endswith("suppressed")
    assert states(campaign) == {"ada@back.example.org": "bounced"}
    assert Suppression.objects.get().address == "ada@back.example.org"


@pytest.mark.parametrize("spoilt", [".2.", "-x.1.", ".1.0000000000@"])
def test_an_address_that_we_have_not_made_is_nobodys(campaign: Campaign, spoilt: str) -> None:
    real = return_path(campaign, 1)
    made_up = f"bounces+{campaign.pk}{spoilt}".rstrip("@") + real.rpartition(".1.")[2]

    assert recipient_of(real) is not None
    assert recipient_of(made_up) is None
    assert read_bounce(a_report(made_up)).startswith("nobody's")
    assert not Suppression.objects.exists()


def test_what_is_late_or_no_bounce_at_all_changes_nothing(campaign: Campaign) -> None:
    to = return_path(campaign, 1)
    late = read_bounce(a_report(to, action="delayed"))
    words = f"To: {to}\nSubject: I am away\n\nUntil Monday.\n"
    away = read_bounce(f"From: ada@back.example.org\n{words}".encode())
    from_nobody = read_bounce(words.encode())

    assert late.endswith("not for good, nothing changed")
    assert away.endswith("no bounce, nothing changed")
    assert from_nobody.endswith("cannot be read (IndexError), nothing changed")
    assert not Suppression.objects.exists()


def test_the_text_of_a_bounce_names_nobody_else(campaign: Campaign) -> None:
    read_bounce(a_report(return_path(campaign, 1), "eve@elsewhere.example.org"))

    assert Suppression.objects.get().address == "ada@back.example.org"


def test_each_address_is_short_enough_for_every_server(
    campaign: Campaign, settings: Settings
) -> None:
    settings.BOUNCE_ADDRESS = f"{'b' * 20}@shop.example"
    campaign.pk = 10**9
    for address in (return_path(campaign, 10**6), leaving_address(campaign, 10**6)):
        assert len(address.partition("@")[0]) <= 64


def test_a_mail_to_the_address_of_leaving_ends_the_subscription(campaign: Campaign) -> None:
    words = "From: ada@back.example.org\nSubject: unsubscribe\nTo: {}\n\n"
    for made_up in (return_path(campaign, 1), leaving_address(campaign, 1).replace(".1.", ".2.")):
        read_bounce(words.format(made_up).encode())
    assert Subscription.objects.get().state == "confirmed"

    said = read_bounce(words.format(leaving_address(campaign, 1)).encode())
    assert said.endswith("unsubscribed")
    assert Subscription.objects.get().state == "ended"
    assert Recipient.objects.get().unsubscribed_at
    assert not Suppression.objects.exists()


def test_the_header_offers_the_address_beside_the_link_where_somebody_reads_it(
    campaign: Campaign, settings: Settings
) -> None:
    subscribed = Recipient.objects.values("id", "number", "address", "name", "state", "tries")
    one = Claimed(**subscribed.get(), refusals=0, failures=0)
    header = message_from_bytes(message_for(campaign, one).raw)["List-Unsubscribe"]
    assert header.split(",")[1].strip() == f"<mailto:{leaving_address(campaign, 1)}>"
    assert header.startswith("<http")

    settings.BOUNCE_ADDRESS = ""
    assert b"mailto:" not in message_for(campaign, one).raw


def test_the_command_reads_standard_input(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = io.TextIOWrapper(io.BytesIO(a_report("somebody@shop.example")))
    monkeypatch.setattr(sys, "stdin", raw)
    call_command("read_bounces", to=return_path(campaign, 1))

    assert "suppressed" in capsys.readouterr().out


def test_a_mail_that_is_made_to_harm_does_not_keep_the_others_from_being_read(
    campaign: Campaign, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3_000)
    )
    box = mailbox.Maildir(tmp_path / "box")
    box.add(nested)
    box.add(a_report(return_path(campaign, 1)))
    for name, path in enumerate(sorted((tmp_path / "box" / "new").iterdir())):
        path.rename(path.with_name(f"{name}"))  # the harmful one first
    call_command("read_bounces", maildir=str(tmp_path / "box"))

    assert "suppressed" in capsys.readouterr().out
    assert not list((tmp_path / "box" / "new").iterdir())


def test_the_command_reads_each_mail_of_a_maildir_once(
    campaign: Campaign, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    box = mailbox.Maildir(tmp_path / "box")
    box.add(a_report(return_path(campaign, 1)))
    for _ in range(2):
        call_command("read_bounces", maildir=str(tmp_path / "box"))

    assert capsys.readouterr().out.count("suppressed") == 1
    assert len(box) == 1
