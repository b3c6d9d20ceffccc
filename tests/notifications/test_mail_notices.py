"""What a provider tells of mails: in any order, twice, forged, or in no order of words at all."""

import base64
import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import Settings

from notifications.campaigns import control
from notifications.models import Campaign, Recipient, Subscription, Suppression
from tests.notifications.by_provider import LOGIN, provider
from tests.notifications.mailings import started, subscribe

__all__ = ["provider"]
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("provider"),
]
ADA = "ada@told.example.org"
DELIVERED = {"RecordType": "Delivery"}
OPENED = {"RecordType": "Open"}
GONE = {"RecordType": "Bounce", "Type": "HardBounce"}
FULL = {"RecordType": "Bounce", "Type": "SoftBounce"}
INVALID = {"RecordType": "Bounce", "Type": "BadEmailAddress"}
BLOCKED = {"RecordType": "Bounce", "Type": "Blocked"}
FILTERED = {"RecordType": "Bounce", "Type": "SpamNotification"}
SPAM = {"RecordType": "SpamComplaint", "Type": "SpamComplaint"}
LEFT = {"RecordType": "SubscriptionChange", "SuppressionReason": "ManualSuppression"}
Telling = Callable[..., HttpResponse]


@pytest.fixture
def campaign() -> Campaign:
    subscribe(ADA)
    return started()


@pytest.fixture
def tell(client: Client) -> Telling:
    """As the provider does, of the mail of this campaign's only recipient."""

    def post(event: Any, campaign: Campaign | None = None, login: str = LOGIN, **named: str) -> Any:
        if campaign is not None:
            event = {**event, "Metadata": {"mail": f"campaign:{campaign.reference}:1", **named}}
        given = base64.b64encode(login.encode()).decode()
        headers = {"Authorization": f"Basic {given}"}
        terms: Any = {"content_type": "application/json", "headers": headers}
        return client.post("/mail/notices/", event, **terms)

    return post


def its_state() -> str:
    return Recipient.objects.get().state


@pytest.mark.parametrize("event", [DELIVERED, OPENED, FULL])
@pytest.mark.parametrize("state", ["sending", "in_doubt", "todo"])
def test_what_has_arrived_was_sent_whatever_we_thought_of_it(
    tell: Telling, campaign: Campaign, event: dict[str, str], state: str
) -> None:
    Recipient.objects.update(state=state, tries=1)
    assert tell(event, campaign).status_code == 200

    assert its_state() == "sent"
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("event", [GONE, INVALID])
def test_whose_mailbox_is_gone_is_never_mailed_again(
    tell: Telling, campaign: Campaign, event: dict[str, str]
) -> None:
    Recipient.objects.update(state="sent", tries=1)
    tell(event, campaign)

    assert (its_state(), Suppression.objects.get().address) == ("bounced", ADA)
    assert Subscription.objects.get().state == "confirmed"


@pytest.mark.parametrize("event", [SPAM, LEFT])
def test_who_calls_it_spam_is_never_mailed_again_and_has_left(
    tell: Telling, campaign: Campaign, event: dict[str, str]
) -> None:
    Recipient.objects.update(state="sent", tries=1)
    tell(event, campaign)

    assert Subscription.objects.get().state == "ended"
    assert Suppression.objects.get().address == ADA
    assert (its_state(), Recipient.objects.get().unsubscribed_at is not None) == ("sent", True)


@pytest.mark.parametrize("event", [BLOCKED, FILTERED])
def test_what_the_provider_or_a_filter_threw_away_was_not_sent_and_ends_no_subscription(
    tell: Telling, campaign: Campaign, event: dict[str, str]
) -> None:
    Recipient.objects.update(state="sent", tries=1)
    tell(event, campaign)

    assert (its_state(), Subscription.objects.get().state) == ("failed", "confirmed")
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("named", [{"attempt": "1"}, {}, {"attempt": "-2"}])
@pytest.mark.parametrize("state", ["sending", "sent"])
def test_what_was_thrown_away_says_nothing_of_the_mail_that_was_sent_again(
    tell: Telling, campaign: Campaign, state: str, named: dict[str, str]
) -> None:
    Recipient.objects.update(state=state, tries=2)
    tell(BLOCKED, campaign, **named)
    assert its_state() == state

    tell(BLOCKED, campaign, attempt="2")
    assert its_state() == "failed"


def test_who_is_to_be_sent_theirs_again_is_so_however_often_it_is_told_why(
    tell: Telling, campaign: Campaign
) -> None:
    Recipient.objects.update(state="sent", tries=1)
    tell(BLOCKED, campaign)
    control.send_again(recipient_id=Recipient.objects.get().pk, by="ada", reason="unblocked")
    tell(BLOCKED, campaign)

    assert its_state() == "todo"


def test_of_a_mail_that_is_handed_over_again_its_sender_hears_what_came_of_it(
    tell: Telling, campaign: Campaign
) -> None:
    Recipient.objects.update(state="sending", tries=2)
    tell(DELIVERED, campaign, attempt="1")
    assert its_state() == "sending"

    tell(DELIVERED, campaign, attempt="2")
    assert its_state() == "sent"


@pytest.mark.parametrize("order", [*itertools.permutations([DELIVERED, GONE, SPAM])])
def test_in_any_order_and_twice_it_ends_the_same(
    tell: Telling, campaign: Campaign, order: tuple[dict[str, str], ...]
) -> None:
    Recipient.objects.update(state="sending", tries=1)
    for event in (*order, *order):
        tell(event, campaign)

    assert (its_state(), Subscription.objects.get().state) == ("bounced", "ended")
    assert Suppression.objects.count() == 1


@pytest.mark.parametrize("login", ["", "provider:", "provider:guessed", LOGIN[:-1], "é:ü"])
def test_whoever_has_not_the_password_is_not_believed(
    tell: Telling, campaign: Campaign, login: str
) -> None:
    Recipient.objects.update(state="sent", tries=1)
    assert tell(GONE, campaign, login).status_code == 400

    assert its_state() == "sent"


@pytest.mark.parametrize("event", [DELIVERED, {"RecordType": "Click"}])
def test_of_a_mail_that_was_never_begun_nobody_can_have_taken_any(
    tell: Telling, campaign: Campaign, event: dict[str, str]
) -> None:
    tell(event, campaign)

    assert its_state() == "todo"


@pytest.mark.parametrize(
    "metadata",
    [{}, None, {"mail": 7}, {"mail": "campaign:1-x:99"}, {"mail": "order_confirmation:H-1-x"}],
)
def test_what_names_no_mail_of_a_campaign_changes_nothing(
    tell: Telling, campaign: Campaign, metadata: Any
) -> None:
    Recipient.objects.update(state="sent", tries=1)
    answer = tell({**GONE, "Metadata": metadata})

    assert (answer.status_code in {200, 400}, its_state()) == (True, "sent")


@pytest.mark.parametrize("body", ["{", "[]", "7", '{"RecordType": []}', "[" * 100_000, "\0"])
def test_nonsense_is_refused_and_is_no_error_of_ours(tell: Telling, body: str) -> None:
    assert tell(body).status_code == 400


def test_without_a_provider_or_a_password_there_is_no_such_address(
    tell: Telling, settings: Settings
) -> None:
    named = settings.MAIL_PROVIDER
    for without in (replace(named, login=""), replace(named, name="")):
        settings.MAIL_PROVIDER = without
        assert tell(DELIVERED, None, ":").status_code == 404
