"""A campaign stops by itself, with the reason; staff stop it; and what nobody knows is asked."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db.models.functions import Now
from pytest_django.fixtures import Settings

from deferral.errors import NotAllowed
from deferral.models import Event, Job
from notifications.campaigns import control, transport, trial
from notifications.campaigns.answers import HungUp
from notifications.campaigns.lines.line import Message
from notifications.models import Campaign, Recipient
from tests.notifications.mailings import (
    a_campaign,
    came_long_ago,
    crowd,
    inbox,
    started,
    states,
    subscribe,
    under_way,
    work_off,
)
from tests.notifications.stand_in_server import Server
from tests.rig.listening import listening
from tests.rig.ports import free_ports
from tests.rig.running_sandbox import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)
AN_HOUR_AGO = Now() - timedelta(hours=1)


@pytest.fixture(autouse=True)
def _really_sent(sandbox: Sandbox, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "notifications.smtp.EmailBackend"


@pytest.fixture
def server(settings: Settings) -> Iterator[Server]:
    """A mail server that wants our password, and refuses what it is told to."""
    found = Server({})
    with listening(found):
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", found.server_address[1]
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = "halyard"
        yield found


def now() -> Campaign:
    return Campaign.objects.get()


def test_twenty_failures_in_a_row_pause_it_and_say_why(server: Server) -> None:
    server.refusals["RCPT"] = "550 5.7.1 we do not like you"
    crowd(50, "pause.example.org")
    campaign = started()
    work_off(campaign)

    assert now().state == "paused"
    assert "20 mails in a row failed" in now().paused_because
    assert "5.7.1 we do not like you" in now().paused_because
    assert list(states(campaign).values()).count("failed") == 20


def test_a_mail_that_is_taken_in_between_begins_the_count_anew(sandbox: Sandbox) -> None:
    refused = [f"{how}+{n}@count.example.org" for how in ("bounce", "defer") for n in range(15)]
    subscribe(*refused, "between@count.example.org", "cleo@count.example.org")
    campaign = started()
    work_off(campaign)

    assert (now().state, now().failures) == ("running", 15)
    assert len(inbox(sandbox, campaign)) == 2


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("AUTH", "535 5.7.8 wrong password"),
        ("MAIL", "553 5.7.1 not your address"),
        ("RCPT", "530 5.7.0 authentication required"),
    ],
)
def test_a_server_that_refuses_us_pauses_it_at_once_and_blames_no_address(
    server: Server, step: str, answer: str
) -> None:
    server.refusals[step] = answer
    crowd(3, "us.example.org")
    campaign = started()
    work_off(campaign)

    assert now().state == "paused"
    assert answer[:9] in now().paused_because
    assert set(states(campaign).values()) == {"todo"}


@pytest.mark.parametrize("step", ["RCPT", "."])
def test_a_server_that_says_421_has_taken_nothing_and_is_tried_again(
    server: Server, step: str
) -> None:
    server.refusals[step] = "421 closing"
    crowd(2, "closing.example.org")
    campaign = started()
    work_off(campaign)
    assert set(states(campaign).values()) == {"todo"}

    server.refusals.clear()
    work_off(campaign)
    assert now().state == "finished"
    assert server.accepted >= 2


def test_a_server_that_is_away_costs_nothing_but_time(settings: Settings) -> None:
    [settings.EMAIL_PORT] = free_ports(1)
    crowd(2, "away.example.org")
    campaign = started()
    work_off(campaign)

    assert set(states(campaign).values()) == {"todo"}
    assert now().failures == 1


def test_an_answer_that_was_lost_is_asked_for_and_the_mail_not_sent_twice(
    sandbox: Sandbox,
) -> None:
    [reader] = crowd(1, "lost.example.org")
    sandbox.fault("mail", mode="lost-reply")
    campaign = started()
    work_off(campaign)
    assert states(campaign) == {reader: "sending"}

    sandbox.fault("mail", mode="ok")
    work_off(campaign)
    assert states(campaign) == {reader: "sending"}  # the server may still be at work on it
    came_long_ago(campaign)
    work_off(campaign)

    assert states(campaign) == {reader: "sent"}
    assert inbox(sandbox, campaign) == {reader: 1}


def test_what_the_mail_server_never_had_is_sent_once_that_is_known(sandbox: Sandbox) -> None:
    [reader] = crowd(1, "never.example.org")
    campaign = started()
    under_way(campaign, since="2026-01-01T00:00Z")
    work_off(campaign)
    assert states(campaign) == {reader: "todo"}
    work_off(campaign)

    assert inbox(sandbox, campaign) == {reader: 1}
    assert now().state == "finished"


def test_while_the_log_does_not_answer_nothing_is_decided(settings: Settings) -> None:
    settings.MAIL_ASK_URL = f"http://127.0.0.1:{free_ports(1)[0]}"
    crowd(1, "silent.example.org")
    campaign = started()
    under_way(campaign, since=AN_HOUR_AGO)
    work_off(campaign)

    assert set(states(campaign).values()) == {"sending"}


def test_a_log_that_speaks_of_another_mail_has_not_answered(
    sandbox: Sandbox, settings: Settings
) -> None:
    settings.MAIL_ASK_URL = f"{sandbox.url}/nothing-here"
    crowd(1, "other.example.org")
    campaign = started()
    under_way(campaign, since=AN_HOUR_AGO)
    work_off(campaign)

    assert set(states(campaign).values()) == {"sending"}


@pytest.mark.parametrize(
    ("refusals", "state"), [({}, "done"), ({"AUTH": "535 who are you"}, "dead")]
)
def test_a_test_mail_shows_how_its_recipients_mails_will_fare(
    server: Server, refusals: dict[str, str], state: str
) -> None:
    server.refusals.update(refusals)
    draft = a_campaign()
    ada = get_user_model().objects.create(email="ada@staff.example.org")
    trial.ask_for_test(campaign_id=draft.pk, user_id=ada.pk)
    work_off(draft)

    assert (Job.objects.get().state, server.accepted) == (state, 1 - len(refusals))


@pytest.mark.parametrize(
    "change", [{"EMAIL_HOST": "localhost"}, {"MAIL_ASK_URL": "http://127.0.0.1:{free}"}]
)
def test_another_mail_servers_log_is_not_asked(settings: Settings, change: dict[str, str]) -> None:
    [reader] = crowd(1, "moved.example.org")
    campaign = started()
    under_way(campaign, since=AN_HOUR_AGO)
    for name, value in change.items():
        setattr(settings, name, value.format(free=free_ports(1)[0]))
    work_off(campaign)

    assert states(campaign) == {reader: "in_doubt"}


def test_what_was_given_to_nobody_knows_whom_is_in_doubt() -> None:
    """A row of before that was written down."""
    [reader] = crowd(1, "before.example.org")
    campaign = started()
    under_way(campaign, since=AN_HOUR_AGO)
    campaign.recipients.update(given_to="")
    work_off(campaign)

    assert states(campaign) == {reader: "in_doubt"}


def test_where_nobody_can_be_asked_it_is_in_doubt_until_a_person_decides(
    sandbox: Sandbox, settings: Settings
) -> None:
    settings.MAIL_ASK_URL = ""
    [reader] = crowd(1, "doubt.example.org")
    campaign = started()
    under_way(campaign, since="2026-01-01T00:00Z")
    work_off(campaign)
    assert states(campaign) == {reader: "in_doubt"}
    assert (inbox(sandbox, campaign), now().state) == ({}, "finished")

    doubted = Recipient.objects.get()
    control.send_again(recipient_id=doubted.pk, by="ada", reason="she asked")
    with pytest.raises(NotAllowed):
        control.send_again(recipient_id=doubted.pk, by="bob", reason="she asked")
    work_off(campaign)
    assert (inbox(sandbox, campaign), now().state) == ({reader: 1}, "finished")


def test_paused_nothing_leaves_and_resumed_everybody_gets_theirs(sandbox: Sandbox) -> None:
    readers = crowd(150, "stop.example.org")
    campaign = started()
    control.pause_campaign(campaign_id=campaign.pk, by="ada", reason="a typo")
    work_off(campaign)
    assert inbox(sandbox, campaign) == {}

    control.resume_campaign(campaign_id=campaign.pk, by="ada")
    work_off(campaign)
    assert inbox(sandbox, campaign) == dict.fromkeys(readers, 1)
    assert now().state == "finished"


def test_a_job_of_an_earlier_run_sends_nothing(sandbox: Sandbox) -> None:
    crowd(1, "run.example.org")
    campaign = started()
    Campaign.objects.update(run=2)
    work_off(campaign)

    assert inbox(sandbox, campaign) == {}


@pytest.mark.parametrize("verb", ["start_campaign", "resume_campaign"])
def test_what_runs_is_neither_started_nor_resumed_again(verb: str) -> None:
    crowd(1, "twice.example.org")
    campaign = started()
    with pytest.raises(NotAllowed, match="cannot be"):
        getattr(control, verb)(campaign_id=campaign.pk, by="ada")


def test_that_it_started_and_that_its_audience_is_to_be_written_down_are_one_commit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("the database went away")

    crowd(3, "commit.example.org")
    monkeypatch.setattr(control, "enqueue", fail)
    with pytest.raises(OSError, match="went away"):
        started()

    assert now().state == "draft"
    assert not Event.objects.exists()


@pytest.mark.parametrize(("step", "state"), [("RCPT", "todo"), (".", "sending")])
def test_a_server_that_says_nothing_is_left_and_it_matters_whether_it_had_the_mail(
    server: Server, monkeypatch: pytest.MonkeyPatch, step: str, state: str
) -> None:
    monkeypatch.setattr(transport, "DEADLINE", 0.5)
    server.hangs_at = step
    crowd(1, "hangs.example.org")
    campaign = started()
    work_off(campaign)

    assert set(states(campaign).values()) == {state}


def test_each_mail_has_its_own_end_on_a_connection_that_is_kept(
    server: Server, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What watched the first one watches none of the others: silence alone would end them."""
    monkeypatch.setattr(transport, "DEADLINE", 1.0)
    settings.EMAIL_TIMEOUT = 10
    message = Message(sender="a@example.org", to="b@example.org", raw=b"x")
    with closing(transport.Connection()) as connection:
        connection.send(message)
        server.hangs_at = "MAIL"
        with pytest.raises(HungUp) as caught:
            connection.send(message)

    assert "timed out" not in str(caught.value.__cause__)
