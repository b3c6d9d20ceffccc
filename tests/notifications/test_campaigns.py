"""A campaign: whom it is for, what each is sent, and what one refusal does to the others."""

from email import message_from_bytes
from email.policy import default

import pytest
import requests
from pytest_django.fixtures import Settings

from deferral.errors import NotAllowed
from deferral.models import Job
from deferral.registry import TASKS
from deferral.relay.expansion import expand_events
from notifications.campaigns import audience, control
from notifications.campaigns.transport import CAMPAIGN_MAIL
from notifications.models import Campaign, Suppression
from notifications.newsletter import consent
from tests.notifications.mailings import (
    a_campaign,
    crowd,
    inbox,
    started,
    states,
    subscribe,
    work_off,
)
from tests.reports.paid_orders import a_line, saved
from tests.rig.running_sandbox import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _really_sent(sandbox: Sandbox, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "notifications.smtp.EmailBackend"


def test_everybody_gets_exactly_one_and_then_it_is_finished(sandbox: Sandbox) -> None:
    readers = crowd(250, "one.example.org")
    campaign = started()
    assert campaign.recipients.values("chunk").distinct().count() == 3

    work_off(campaign)

    assert inbox(sandbox, campaign) == dict.fromkeys(readers, 1)
    assert set(states(campaign).values()) == {"sent"}
    assert Campaign.objects.get().state == "finished"


def test_an_address_in_two_spellings_is_one_recipient() -> None:
    subscribe("Ada@case.example.org")
    with pytest.raises(Exception, match="subscription_address"):
        subscribe("ada@case.example.org")

    assert audience.count() == 1


def test_only_who_confirmed_and_is_not_suppressed_is_counted_and_frozen() -> None:
    subscribe("yes@who.example.org", "gone@who.example.org")
    subscribe("asked@who.example.org", state="asked")
    subscribe("left@who.example.org", state="ended")
    Suppression.objects.create(address="GONE@who.example.org", because="no such mailbox")

    assert audience.count() == 1
    assert states(started()) == {"yes@who.example.org": "todo"}


def test_who_bought_something_of_a_kind_is_found_by_paid_orders() -> None:
    subscribe("buyer@kind.example.org", "other@kind.example.org")
    saved(a_line(kind="ticket"), email="Buyer@kind.example.org")

    assert audience.count("ticket") == 1
    assert audience.count("download") == 0


def test_who_comes_after_the_start_is_not_in_it(sandbox: Sandbox) -> None:
    subscribe("before@late.example.org")
    campaign = started()
    subscribe("after@late.example.org")
    work_off(campaign)

    assert inbox(sandbox, campaign) == {"before@late.example.org": 1}


def test_a_campaign_that_nobody_would_get_is_not_started() -> None:
    campaign = a_campaign()
    with pytest.raises(NotAllowed, match="Nobody would get it"):
        control.start_campaign(campaign_id=campaign.pk, by="ada")

    assert Campaign.objects.get().state == "draft"


def test_who_unsubscribes_while_it_runs_is_not_sent_it(sandbox: Sandbox) -> None:
    subscribe("stays@run.example.org", "leaves@run.example.org")
    campaign = started()
    consent.unsubscribe(address="Leaves@run.example.org")
    work_off(campaign)

    assert inbox(sandbox, campaign) == {"stays@run.example.org": 1}
    assert states(campaign)["leaves@run.example.org"] == "skipped"


def test_one_bad_address_among_a_hundred_harms_none_of_the_others(sandbox: Sandbox) -> None:
    """Mautic #7226: the others of its batch were not marked, and sent again and again."""
    readers = crowd(99, "bad.example.org")
    subscribe("bounce@bad.example.org")
    campaign = started()
    work_off(campaign)
    work_off(campaign)

    assert inbox(sandbox, campaign) == dict.fromkeys(readers, 1)
    assert states(campaign)["bounce@bad.example.org"] == "bounced"
    assert Suppression.objects.get().address == "bounce@bad.example.org"
    assert Campaign.objects.get().state == "finished"


def test_one_that_is_not_wanted_now_is_tried_later_and_given_up_in_the_end() -> None:
    subscribe("defer@later.example.org")
    campaign = started()
    work_off(campaign)
    assert states(campaign) == {"defer@later.example.org": "todo"}
    for _ in range(4):
        campaign.recipients.update(due_at="2026-01-01T00:00Z")
        work_off(campaign)

    assert states(campaign) == {"defer@later.example.org": "failed"}
    assert not Suppression.objects.exists()


def test_each_mail_says_how_to_end_it_and_where_its_bounce_goes(
    sandbox: Sandbox, settings: Settings
) -> None:
    settings.SITE_URL = "https://shop.example"
    subscribe("ada@heads.example.org", name='Ada "the\r\nBcc: eve@example.org" King')
    work_off(started())

    [mail] = sandbox.mails("ada@heads.example.org")
    raw = requests.get(f"{sandbox.inbox}/messages/{mail['id']}/raw", timeout=10).content
    # As it is on the wire: nobody looks for a link in an encoded word.
    assert b"\nList-Unsubscribe: <https://shop.example/newsletter/leave/" in b"\n" + raw
    heads = message_from_bytes(raw, policy=default)
    assert heads["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert heads["List-Unsubscribe"].startswith("<https://shop.example/newsletter/leave/")
    assert heads["To"] == '"Ada \\"the Bcc: eve@example.org\\" King" <ada@heads.example.org>'
    assert heads["Bcc"] is None
    assert mail["to"] == ["ada@heads.example.org"]


def test_the_rate_is_kept_by_when_each_hundred_is_due() -> None:
    crowd(250, "rate.example.org")
    campaign = started(per_minute=200)
    jobs = Job.objects.filter(subject=campaign.subject, task="notifications.send_chunk")
    due = jobs.order_by("id").values_list("next_at")
    first, second, third = (row[0] for row in due)

    assert (second - first).total_seconds() == pytest.approx(30, abs=1)
    assert (third - first).total_seconds() == pytest.approx(60, abs=1)


def test_a_resumption_keeps_the_rate_for_those_who_are_left() -> None:
    crowd(250, "again.example.org")
    campaign = started(per_minute=200)
    campaign.recipients.filter(chunk=0).update(state="sent")
    control.pause_campaign(campaign_id=campaign.pk, by="ada", reason="a typo")
    control.resume_campaign(campaign_id=campaign.pk, by="ada")
    expand_events()

    jobs = Job.objects.filter(key__contains=":run-2:").order_by("id")
    assert [job.kwargs["chunk"] for job in jobs] == [1, 2]
    gap = jobs[1].next_at - jobs[0].next_at
    assert gap.total_seconds() == pytest.approx(30, abs=1)


def test_what_a_provider_says_of_many_mails_holds_back_none_that_somebody_waits_for() -> None:
    mail = {name: spec for name, spec in TASKS.items() if spec.queue == "mail"}

    assert TASKS["notifications.send_chunk"].queue == "mailings"
    assert TASKS["notifications.send_chunk"].service == CAMPAIGN_MAIL
    assert CAMPAIGN_MAIL not in {spec.service for spec in mail.values()}
