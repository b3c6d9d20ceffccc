"""A campaign whose mails a provider takes by HTTP: each once, whatever it says or does not say."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db.models.functions import Now
from pytest_django.fixtures import Settings

from deferral.external.breakers import open_breakers
from deferral.models import Job
from notifications.campaigns import transport, trial
from notifications.models import Campaign, SentMail, Suppression
from tests.notifications.by_provider import provider
from tests.notifications.mailings import (
    a_campaign,
    came_long_ago,
    crowd,
    started,
    states,
    under_way,
    work_off,
)
from tests.notifications.stand_in_provider import Provider
from tests.rig.ports import free_ports

__all__ = ["provider"]
pytestmark = pytest.mark.django_db(transaction=True)
ODD = "odd@http.example.org"
ASKED_AFTER = timedelta(hours=1)


def now() -> Campaign:
    return Campaign.objects.get()


def test_each_has_one_with_its_own_name_and_the_words_and_ways_of_any_campaign(
    provider: Provider,
) -> None:
    readers = crowd(3, "http.example.org")
    campaign = started()
    work_off(campaign)

    assert provider.inbox() == dict.fromkeys(readers, 1)
    assert set(states(campaign).values()) == {"sent"}
    assert len(provider.callers) == 1
    mail = provider.taken[0]
    headers = {each["Name"]: each["Value"] for each in mail["Headers"]}
    assert mail["Metadata"] == {"mail": f"campaign:{campaign.reference}:1", "attempt": "1"}
    assert (mail["MessageStream"], mail["Subject"]) == ("broadcast", "News from the quay")
    assert headers["Message-ID"].startswith(f"<campaign.3A{campaign.reference}.3A1@")
    assert headers["X-PM-KeepID"] == "true"
    assert headers["List-Unsubscribe"].startswith("<http")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "new prints are here" in mail["TextBody"]
    assert "<em>reader</em>" in mail["HtmlBody"]


@pytest.mark.parametrize(
    ("status", "code", "words", "state"),
    [
        (422, 406, f"Found inactive addresses: {ODD}.\n Inactive recipients are", "bounced"),
        (422, 300, f"Invalid 'To' address: '{ODD}'.", "bounced"),
        (422, 300, "Invalid 'To' in a way that nobody has read before", "failed"),
        (422, 411, "forbidden", "failed"),
        (413, 0, "too large", "failed"),
        (503, 100, "closed for maintenance", "todo"),
        (409, 0, "not now", "todo"),
    ],
)
def test_what_is_said_of_one_address_is_of_that_alone(
    provider: Provider, status: int, code: int, words: str, state: str
) -> None:
    ada, cleo = crowd(2, "http.example.org")
    provider.says[ada] = status, {"ErrorCode": code, "Message": words.replace(ODD, ada)}
    campaign = started()
    work_off(campaign)

    assert states(campaign) == {ada: state, cleo: "sent"}
    assert provider.inbox() == {cleo: 1}
    assert Suppression.objects.filter(address=ada).exists() is (state == "bounced")


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, 10),
        (422, 300),
        (422, 400),
        (422, 405),
        (422, 911),
        (422, 1235),
        (200, 911),
        (400, 0),
        (403, 0),
        (404, 0),
        (302, 0),
    ],
)
def test_what_is_said_of_us_pauses_it_at_once_and_blames_no_address(
    provider: Provider, status: int, code: int
) -> None:
    provider.headers = {"Location": f"{provider.url}/elsewhere"} if status == 302 else {}
    provider.says[""] = status, {"ErrorCode": code, "Message": "not from you"}
    crowd(3, "http.example.org")
    campaign = started()
    work_off(campaign)

    assert now().state == "paused"
    assert f"postmark answered {status}" in now().paused_because
    assert set(states(campaign).values()) == {"todo"}


def test_a_stream_that_is_not_there_is_seen_by_the_test_mail(provider: Provider) -> None:
    draft = a_campaign()
    ada = get_user_model().objects.create(email="ada@staff.example.org")
    trial.ask_for_test(campaign_id=draft.pk, user_id=ada.pk)
    refusal = {"ErrorCode": 1235, "Message": "The stream provided does not exist"}
    provider.says[""] = 422, refusal
    work_off(draft)

    job = Job.objects.get()
    assert (job.state, "stream provided does not exist" in str(job.errors)) == ("dead", True)


def test_the_test_mail_goes_the_way_of_the_campaign(provider: Provider, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "no.such.way"
    draft = a_campaign()
    ada = get_user_model().objects.create(email="ada@staff.example.org")
    trial.ask_for_test(campaign_id=draft.pk, user_id=ada.pk)
    work_off(draft)

    [mail] = provider.taken
    assert mail["MessageStream"] == settings.MAIL_PROVIDER.stream
    assert mail["Subject"] == "Test: News from the quay" == SentMail.objects.get().subject


def test_who_is_told_to_wait_waits_and_it_counts_as_no_failure(provider: Provider) -> None:
    provider.says[""], provider.headers = (429, {}), {"Retry-After": "77"}
    crowd(3, "http.example.org")
    campaign = started()
    work_off(campaign)
    work_off(campaign)

    assert (now().state, now().failures) == ("running", 0)
    assert set(states(campaign).values()) == {"todo"}
    assert "campaign mail" in open_breakers()


@pytest.mark.parametrize("answer", [(500, {}), (502, "<html>"), (504, ""), (200, "{"), (200, [])])
def test_an_answer_that_does_not_say_whether_it_was_taken_is_asked_about(
    provider: Provider, answer: tuple[int, Any]
) -> None:
    [reader] = crowd(1, "http.example.org")
    provider.says[""] = answer
    campaign = started()
    work_off(campaign)
    assert states(campaign) == {reader: "sending"}

    provider.says.clear()
    came_long_ago(campaign)
    work_off(campaign)
    work_off(campaign)
    assert (provider.inbox(), states(campaign)) == ({reader: 1}, {reader: "sent"})


@pytest.mark.parametrize("how", ["loses", "hangs"])
def test_what_it_took_without_a_word_is_found_in_its_log_and_not_sent_twice(
    provider: Provider, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(transport, "DEADLINE", 1.0)
    setattr(provider, how, True)
    [reader] = crowd(1, "http.example.org")
    campaign = started()
    work_off(campaign)
    assert states(campaign) == {reader: "sending"}

    came_long_ago(campaign)
    work_off(campaign)
    assert (provider.inbox(), states(campaign)) == ({reader: 1}, {reader: "sent"})


@pytest.mark.parametrize(
    "change",
    [{"stream": "news"}, {"key": "of-another-server"}, {"name": "brevo"}, {"takes": ("mails",)}],
)
def test_what_another_may_have_taken_before_the_settings_changed_is_in_doubt(
    provider: Provider, settings: Settings, change: dict[str, Any]
) -> None:
    provider.loses = True
    [reader] = crowd(1, "http.example.org")
    campaign = started()
    work_off(campaign)
    settings.MAIL_PROVIDER = replace(settings.MAIL_PROVIDER, **change)
    came_long_ago(campaign)
    work_off(campaign)
    work_off(campaign)

    assert (provider.inbox(), states(campaign)) == ({reader: 1}, {reader: "in_doubt"})


@pytest.mark.parametrize(
    "answer",
    [
        (200, {"TotalCount": 1, "Messages": [{"Metadata": {"mail": "campaign:7-other:1"}}]}),
        (200, {"TotalCount": 1, "Messages": []}),
        (200, {"TotalCount": 0}),
        (200, "{"),
        (500, {}),
        (401, {"ErrorCode": 10}),
    ],
)
def test_a_log_that_does_not_speak_of_this_mail_has_not_answered(
    provider: Provider, answer: tuple[int, Any]
) -> None:
    provider.log = answer
    crowd(1, "http.example.org")
    campaign = started()
    under_way(campaign, since=Now() - ASKED_AFTER)
    work_off(campaign)

    assert (set(states(campaign).values()), provider.taken) == ({"sending"}, [])


def test_a_provider_that_is_away_has_taken_nothing(provider: Provider, settings: Settings) -> None:
    nobody = f"http://127.0.0.1:{free_ports(1)[0]}"
    settings.MAIL_PROVIDER = replace(settings.MAIL_PROVIDER, url=nobody)
    crowd(2, "http.example.org")
    campaign = started()
    work_off(campaign)

    assert set(states(campaign).values()) == {"todo"}
    assert now().failures == 1


def test_what_a_provider_without_a_log_may_have_taken_is_in_doubt(
    provider: Provider, settings: Settings
) -> None:
    """MAIL_ASK_URL is of the mail server, which knows nothing of what a provider has taken."""
    settings.MAIL_PROVIDER = replace(settings.MAIL_PROVIDER, name="brevo")
    assert settings.MAIL_ASK_URL
    [reader] = crowd(1, "http.example.org")
    campaign = started()
    under_way(campaign, since=Now() - ASKED_AFTER)
    work_off(campaign)

    assert (states(campaign), now().state) == ({reader: "in_doubt"}, "finished")


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("brevo", (201, {"messageId": "<1@brevo>"})),
        ("mailtrap", (200, {"success": True, "message_ids": ["1"]})),
    ],
)
def test_another_provider_is_given_the_mails_own_name_and_its_headers_too(
    provider: Provider, settings: Settings, name: str, taken: tuple[int, Any]
) -> None:
    settings.MAIL_PROVIDER = replace(settings.MAIL_PROVIDER, name=name)
    provider.other = taken
    [reader] = crowd(1, "http.example.org")
    campaign = started()
    work_off(campaign)

    assert states(campaign) == {reader: "sent"}
    told = str(provider.taken)
    for part in (f"campaign:{campaign.reference}:1", "List-Unsubscribe-Post", "Message-ID"):
        assert part.lower() in told.lower()
