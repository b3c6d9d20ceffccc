"""A campaign's rate is kept from mail to mail, and a mail costs the database two statements."""

from dataclasses import dataclass, field

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications.campaigns import pace
from notifications.campaigns.pace import Pace
from tests.notifications.by_provider import provider
from tests.notifications.mailings import came_long_ago, crowd, started, states, work_off
from tests.notifications.stand_in_provider import Provider

__all__ = ["provider"]
pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Clock:
    """Time goes by where somebody waits. `waits`: how long they did, each time."""

    now: float = 0.0
    waits: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The pace's own."""
    found = Clock()
    monkeypatch.setattr(pace, "time", found)
    return found


def test_mails_of_a_chunk_go_one_after_the_other_at_the_campaigns_rate(
    provider: Provider, clock: Clock
) -> None:
    crowd(4, "paced.example.org")
    work_off(started(per_minute=80))

    assert len(provider.taken) == 4
    assert clock.waits == [0.75] * 4


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
    assert (len(provider.taken), sum(clock.waits)) == (16, 15.0)

    work_off(campaign)
    assert set(states(campaign).values()) == {"sent"}


def test_what_a_slow_server_has_cost_is_not_made_up_by_a_faster_series(clock: Clock) -> None:
    paced = Pace(60)
    clock.now = 10.0
    assert [paced.rest() for _ in range(3)] == [True] * 3

    assert clock.waits == [1.0, 1.0]


def test_a_mail_costs_the_database_two_statements(provider: Provider) -> None:
    crowd(9, "statements.example.org")
    campaign = started()
    with CaptureQueriesContext(connection) as queries:
        work_off(campaign)

    about_it = [one for one in queries if "notifications_recipient" in one["sql"]]
    assert len(provider.taken) == 9
    assert len(about_it) == 2 * 9 + len(["no further one", "none left over", "none later", "over"])
