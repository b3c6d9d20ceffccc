"""A campaign's worker is killed, its broker wiped, it is paused: each address has exactly one mail.

What is counted is what the mail server has in its own journal.
"""

import itertools
from functools import partial

import pytest

from launcher.servers.process import kill_group
from launcher.workers import Worker
from notifications.campaigns import control
from notifications.models import Campaign, Recipient
from tests.notifications.by_provider import provider
from tests.notifications.mailings import begun, came_long_ago, crowd, inbox, states
from tests.notifications.stand_in_provider import TOKEN, Provider
from tests.proofs.failures.thread_workers import until
from tests.rig.depth import thorough
from tests.rig.emptying import empty_broker
from tests.rig.running_shop import RunningShop
from tests.rig.waiting import eventually

__all__ = ["provider"]
WORKER = Worker("mailings", "mailings", 4, "threads")
# What was lost three times with a worker of threads runs alone, in here.
ALONE = Worker("children", "bulk", 1)
NUMBERS = itertools.count(1)


@pytest.fixture
def readers(transactional_db: None) -> list[str]:
    return crowd(400, f"storm{next(NUMBERS)}.example.org")


@pytest.fixture
def under_way(shop: RunningShop, readers: list[str]) -> Campaign:
    """A campaign of which a part has been sent."""
    shop.relay()
    shop.celery(WORKER)
    shop.celery(ALONE)
    shop.ready()
    campaign = begun()
    eventually(partial(is_further_than, campaign, 20), show=shop.logs)
    return campaign


def sent(campaign: Campaign) -> int:
    return campaign.recipients.filter(state=Recipient.State.SENT).count()


def is_further_than(campaign: Campaign, count: int) -> bool:
    return sent(campaign) >= count


def is_over(campaign: Campaign) -> bool:
    """Time goes by meanwhile."""
    came_long_ago(campaign)
    return Campaign.objects.get(pk=campaign.pk).state == Campaign.State.FINISHED


def kill_its_worker(shop: RunningShop) -> None:
    worker = shop.named("mailings")
    kill_group(worker)
    worker.wait()


@thorough
def test_killed_again_and_again_and_its_broker_wiped_each_address_has_exactly_one(
    shop: RunningShop, under_way: Campaign, readers: list[str]
) -> None:
    """listmonk #3022: what a killed worker had taken in hand is skipped for ever."""
    for _ in range(4):
        kill_its_worker(shop)
        empty_broker()
        shop.start_again()
        further = sent(under_way) + 30
        eventually(partial(is_further_than, under_way, min(further, 390)), show=shop.logs)

    eventually(partial(is_over, under_way), show=shop.logs)
    assert inbox(shop.sandbox, under_way) == dict.fromkeys(readers, 1)
    assert set(states(under_way).values()) == {"sent"}


@thorough
def test_paused_in_the_middle_of_a_chunk_it_stands_still_and_goes_on_with_the_rest(
    shop: RunningShop, under_way: Campaign, readers: list[str]
) -> None:
    control.pause_campaign(campaign_id=under_way.pk, by="ada", reason="a wrong price")
    eventually(lambda: not under_way.recipients.filter(state="sending").exists(), show=shop.logs)
    had = inbox(shop.sandbox, under_way)
    assert len(had) == sent(under_way) < len(readers)
    kill_its_worker(shop)
    shop.start_again()
    assert inbox(shop.sandbox, under_way) == had

    control.resume_campaign(campaign_id=under_way.pk, by="ada")
    eventually(partial(is_over, under_way), patience=90, show=shop.logs)
    assert inbox(shop.sandbox, under_way) == dict.fromkeys(readers, 1)


def test_a_cancelled_one_sends_no_further(
    shop: RunningShop, under_way: Campaign, readers: list[str]
) -> None:
    control.cancel_campaign(campaign_id=under_way.pk, by="ada", reason="a wrong price")
    left = under_way.recipients.filter(state__in=Recipient.OPEN)
    eventually(lambda: not left.exists(), show=shop.logs)

    assert len(inbox(shop.sandbox, under_way)) == sent(under_way) < len(readers)
    assert set(states(under_way).values()) == {"sent", "skipped"}


@pytest.mark.parametrize("step", ["about_to_mail_many", "one_of_many_accepted"])
def test_killed_beside_a_provider_its_log_says_what_it_has_and_each_address_has_one(
    shop: RunningShop, transactional_db: None, provider: Provider, step: str
) -> None:
    readers = crowd(5, f"storm{next(NUMBERS)}.example.org")
    named = {"MAIL_PROVIDER": "postmark", "MAIL_PROVIDER_KEY": TOKEN}
    shop.relay()
    dies = shop.crash_at(step, "thread")
    shop.celery(WORKER, **dies, **named, MAIL_PROVIDER_URL=provider.url)
    shop.ready()
    campaign = begun()
    until(partial(is_over, campaign), shop)

    assert shop.crashes() == 1
    assert provider.inbox() == dict.fromkeys(readers, 1)
    assert set(states(campaign).values()) == {"sent"}


@thorough
def test_where_nobody_can_be_asked_one_mail_is_in_doubt_and_never_sent_again_silently(
    shop: RunningShop, transactional_db: None
) -> None:
    readers = crowd(5, f"storm{next(NUMBERS)}.example.org")
    dies = shop.crash_at("one_of_many_accepted", "thread")
    plain = {"SMTP_HOST": "localhost", "SMTP_PORT": str(shop.sandbox.smtp_port)}
    shop.relay()
    shop.celery(WORKER, **dies, **plain)
    shop.ready()
    campaign = begun()
    until(partial(is_over, campaign), shop)
    assert shop.crashes() == 1

    doubted = campaign.recipients.get(state=Recipient.State.IN_DOUBT)
    assert inbox(shop.sandbox, campaign) == dict.fromkeys(readers, 1)

    control.send_again(recipient_id=doubted.pk, by="ada", reason="she asked for it")
    eventually(partial(is_over, campaign), show=shop.logs)
    assert inbox(shop.sandbox, campaign) == dict.fromkeys(readers, 1) | {doubted.address: 2}
