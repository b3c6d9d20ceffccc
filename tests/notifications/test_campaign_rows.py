"""No recipient is left where nothing moves it, blamed for others, or lost to a passing trouble."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from pytest_django.fixtures import Settings

from deferral.text.redaction import storable
from notifications.admin.mails import without_consent
from notifications.campaigns import answers, control
from notifications.campaigns.recipients import Part, claim_next, put_back
from notifications.models import Campaign, Recipient
from notifications.newsletter.tokens import join_address
from tests.notifications.mailings import crowd, started, states, subscribe, under_way, work_off
from tests.notifications.stand_in_server import Server
from tests.rig.listening import listening
from tests.rig.ports import free_ports

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(settings: Settings) -> Iterator[Server]:
    """A mail server that takes everything, but for what a test has it refuse."""
    found = Server({})
    settings.EMAIL_BACKEND = "notifications.smtp.EmailBackend"
    with listening(found):
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", found.server_address[1]
        yield found


def test_who_was_tried_often_and_never_refused_is_tried_again_after_a_not_now(
    server: Server,
) -> None:
    [reader] = crowd(1, "later.example.org")
    campaign = started()
    campaign.recipients.update(tries=40)
    server.refusals["RCPT"] = "451 not now"
    work_off(campaign)

    assert states(campaign) == {reader: "todo"}
    assert Recipient.objects.get().refusals == 1


def test_after_its_fifth_not_now_it_has_failed_and_staff_may_have_it_sent_again(
    server: Server,
) -> None:
    [reader] = crowd(1, "never.example.org")
    campaign = started()
    server.refusals["RCPT"] = "451 not now"
    for _ in range(5):
        campaign.recipients.update(due_at=Now())
        work_off(campaign)
    assert states(campaign) == {reader: "failed"}

    del server.refusals["RCPT"]
    control.send_again(recipient_id=Recipient.objects.get().pk, by="ada", reason="they are well")
    work_off(campaign)
    assert states(campaign) == {reader: "sent"}


def test_others_are_sent_theirs_while_the_log_is_asked_in_vain(
    server: Server, settings: Settings
) -> None:
    settings.MAIL_ASK_URL = f"http://127.0.0.1:{free_ports(1)[0]}"
    crowd(3, "beside.example.org")
    campaign = started()
    under_way(campaign, since=Now() - timedelta(hours=1))
    work_off(campaign)

    assert sorted(states(campaign).values()) == ["sending", "sent", "sent"]


def test_after_a_day_of_asking_in_vain_a_person_decides(server: Server, settings: Settings) -> None:
    settings.MAIL_ASK_URL = f"http://127.0.0.1:{free_ports(1)[0]}"
    [reader] = crowd(1, "vain.example.org")
    campaign = started()
    under_way(campaign, since=Now() - timedelta(hours=25))
    work_off(campaign)

    assert states(campaign) == {reader: "in_doubt"}


def test_what_comes_back_of_a_cancelled_campaign_is_not_to_do_for_ever() -> None:
    [reader] = crowd(1, "called-off.example.org")
    campaign = started()
    one = claim_next(Part(campaign=campaign.pk, chunk=0, run=1))
    assert one is not None
    control.cancel_campaign(campaign_id=campaign.pk, by="ada", reason="a typo")
    put_back(one, because="the server hung up")

    assert states(campaign) == {reader: "skipped"}


def test_an_address_that_no_mail_can_be_written_to_has_failed_and_harms_nobody(
    server: Server,
) -> None:
    subscribe("no address@at all", "fine@example.org")
    campaign = started()
    work_off(campaign)

    assert states(campaign) == {"no address@at all": "failed", "fine@example.org": "sent"}
    assert Campaign.objects.get().state == "finished"


@pytest.mark.parametrize(
    "said",
    [
        "550 relay not permitted",
        "554 blocked",
        "550 Access denied",
        "550 5.1.8 sender address rejected: domain not found",
    ],
)
def test_an_address_is_not_blamed_for_what_the_server_has_against_us(
    server: Server, said: str
) -> None:
    [reader] = crowd(1, "innocent.example.org")
    server.refusals["RCPT"] = said
    campaign = started()
    work_off(campaign)

    assert states(campaign) == {reader: "failed"}


def test_a_mailbox_that_is_not_there_is_still_known_by_its_number() -> None:
    assert isinstance(answers.of_recipient(550, b"no such user"), answers.NotThisAddress)


def test_no_link_of_consent_is_shown_or_logged() -> None:
    link = join_address("ada@example.org")
    token = link.rpartition("/confirm/")[2]

    assert token not in without_consent(f"Confirm: {link} Thank you")
    assert token not in storable(f"Forbidden: {link}")
    assert "Thank you" in without_consent(f"{link} Thank you")
