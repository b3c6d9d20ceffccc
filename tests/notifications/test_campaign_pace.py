"""A campaign's rate is kept from mail to mail, and a mail costs the database three statements."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from deferral.models import Job
from notifications.campaigns import pace
from notifications.campaigns.recipients import Part
from notifications.campaigns.turns import take_turn
from notifications.models import Campaign, Subscription
from tests.notifications.by_provider import provider
from tests.notifications.mailings import came_long_ago, crowd, started, states, work_off
from tests.notifications.stand_in_provider import Provider

__all__ = ["provider"]
pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Clock:
    """Time goes by where somebody waits. `waits`: how long they did, each time."""

    waits: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        Campaign.objects.update(next_at=F("next_at") - timedelta(seconds=seconds))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The pace's own."""
    found = Clock()
    monkeypatch.setattr(pace, "time", found)
    return found


def part_of(campaign: Campaign) -> Part:
    """Its first chunk, in its first run."""
    return Part(campaign=campaign.pk, chunk=0, run=1)


def test_mails_of_a_chunk_go_one_after_the_other_at_the_campaigns_rate(
    provider: Provider, clock: Clock
) -> None:
    crowd(4, "paced.example.org")
    work_off(started(per_minute=80))

    assert len(provider.taken) == 4
    assert len(clock.waits) == 3
    assert all(0 < wait <= 0.75 for wait in clock.waits)


def test_a_rate_at_which_a_thread_would_only_wait_is_kept_by_the_job(
    provider: Provider, clock: Clock
) -> None:
    crowd(2, "slow.example.org")
    campaign = started(per_minute=6)
    work_off(campaign)
    assert (sorted(states(campaign).values()), clock.waits) == (["sent", "todo"], [])

    came_long_ago(campaign)
    work_off(campaign)
    assert set(states(campaign).values()) == {"sent"}


def test_a_thread_is_given_back_before_a_stopped_worker_would_interrupt_it(
    provider: Provider, clock: Clock
) -> None:
    crowd(20, "turns.example.org")
    campaign = started(per_minute=60)
    work_off(campaign)
    assert len(provider.taken) < 20
    assert 14.0 < sum(clock.waits) <= 15.0

    work_off(campaign)
    assert set(states(campaign).values()) == {"sent"}


def test_what_a_slow_server_has_cost_is_not_made_up_by_a_faster_series() -> None:
    crowd(3, "late.example.org")
    part = part_of(started(per_minute=1, next_at="2026-01-01T00:00Z"))
    assert take_turn(part, within=1.0) == 0.0

    assert take_turn(part, within=1.0) is None


def test_after_an_outage_all_its_jobs_together_keep_the_rate(
    provider: Provider, clock: Clock
) -> None:
    """Two that are due at once: the turns are the campaign's, not the job's."""
    crowd(101, "outage.example.org")
    campaign = started(per_minute=1)
    work_off(campaign)

    assert len(provider.taken) == 1
    assert Job.objects.filter(task="notifications.send_chunk", state="pending").count() == 2


def test_a_job_with_nothing_to_send_takes_no_turn_from_another() -> None:
    crowd(3, "nothing.example.org")
    part = part_of(started(per_minute=1))
    assert take_turn(replace(part, chunk=7), within=1.0) is None

    assert take_turn(part, within=1.0) == 0.0


def test_whoever_is_skipped_costs_no_turn(provider: Provider, clock: Clock) -> None:
    *readers, last = crowd(5, "skipped.example.org")
    campaign = started(per_minute=1)
    Subscription.objects.filter(address__in=readers).update(state="ended")
    work_off(campaign)

    assert states(campaign)[last] == "sent"


def test_a_mail_costs_the_database_three_statements(provider: Provider) -> None:
    crowd(9, "statements.example.org")
    campaign = started()
    with CaptureQueriesContext(connection) as queries:
        work_off(campaign)

    about_it = [one for one in queries if "notifications_recipient" in one["sql"]]
    assert len(provider.taken) == 9
    assert len(about_it) == 3 * 9 + len(["no further turn", "none left over", "none later", "over"])
