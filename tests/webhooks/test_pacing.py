"""How long a delivery waits while all slots of its endpoint are taken."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from deferral.models import Job
from tests.webhooks.receiving import a_delivery_job, an_endpoint
from webhooks.models import Endpoint
from webhooks.pacing import LONGEST_WAIT, MIN_WAIT, note_call, time_to_wait

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme() -> Endpoint:
    """Somewhere."""
    return an_endpoint("acme")


def crowd(endpoint: Endpoint, many: int) -> None:
    """So many deliveries wait for it already."""
    for number in range(many):
        a_delivery_job(endpoint, number)


def longest(*, at_once: int = 1) -> float:
    """Of many, nearly what was planned: each waits from half of it to all of it."""
    waits = [time_to_wait("acme", at_once=at_once) for _ in range(60)]
    assert max(waits) <= 2 * min(waits)
    return max(waits)


def test_who_waits_alone_waits_about_as_long_as_a_call_takes(acme: Endpoint) -> None:
    assert MIN_WAIT * 0.8 < longest() <= MIN_WAIT
    for _ in range(8):
        note_call("acme", seconds=12)

    assert 9.6 < longest() <= 12


def test_behind_a_crowd_it_waits_longer_and_with_more_slots_less(acme: Endpoint) -> None:
    note_call("acme", seconds=1.0)
    crowd(acme, 23)

    assert 19 < longest() <= 24
    assert 4.8 < longest(at_once=4) <= 6
    assert longest(at_once=20) <= MIN_WAIT


def test_the_crowd_of_a_quick_receiver_is_soon_through(acme: Endpoint) -> None:
    note_call("acme", seconds=0.01)
    crowd(acme, 99)

    assert 8 < longest() <= 10


def test_nobody_waits_for_more_than_a_minute_however_many_there_are(acme: Endpoint) -> None:
    """The number may be raised meanwhile."""
    crowd(acme, 60)

    assert 48 < longest() <= LONGEST_WAIT


def test_those_who_wait_for_something_else_do_not_count(acme: Endpoint) -> None:
    crowd(acme, 30)
    crowd(an_endpoint("other"), 30)
    Job.objects.filter(service="acme").update(next_at=Now() + timedelta(hours=5))

    assert longest() <= MIN_WAIT


def test_a_call_that_is_unlike_the_others_counts_for_half(acme: Endpoint) -> None:
    for took in (2.0, 10.0):
        note_call("acme", seconds=took)

    assert 4.8 < longest() <= 6
