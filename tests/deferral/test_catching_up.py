"""Who answers again gets at once what waits for another try."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from deferral.external.rules import Observation, observe
from deferral.models import Breaker, Job
from deferral.relay.catching_up import catch_up
from tests.deferral.bench import put

pytestmark = pytest.mark.django_db
TELL = "webhooks.deliver_webhook"
TO_PARTNER = {"task": TELL, "queue": "partners", "service": "partner"}
OUTAGE = timedelta(seconds=25)


def failed(key: str, *ago: float, **columns: Any) -> Job:
    """It failed so many seconds ago, each time, and is tried again in five minutes."""
    now = datetime.now(UTC)
    errors = [{"at": (now - timedelta(seconds=one)).isoformat()} for one in ago]
    facts: dict[str, Any] = {"attempts": len(ago), "errors": errors, **TO_PARTNER}
    facts["next_at"] = now + timedelta(minutes=5)
    return put(key, **(facts | columns))


def recovers(**columns: Any) -> None:
    """The partner answers, for the first time in 25 seconds."""
    facts = {"failing_since": Now() - OUTAGE, "name": "partner"} | columns
    row = Breaker.objects.create(**facts)
    row.refresh_from_db()
    observe(row, Observation(answers=1), now=datetime.now(UTC))
    row.save()


def soon() -> list[str]:
    found = Job.objects.filter(next_at__lte=Now() + timedelta(seconds=6)).order_by("key")
    return list(found.values_list("key", flat=True))


def test_what_failed_in_an_outage_that_is_over_comes_within_seconds() -> None:
    failed("once", 20)
    failed("twice", 24, 19)
    failed("of another", 20, task="notifications.tell_crm", service="CRM")
    recovers()

    assert (catch_up(), soon()) == (2, ["once", "twice"])
    assert (catch_up(), Job.objects.get(key="once").attempts) == (0, 1)


def test_what_fails_by_its_own_fault_keeps_its_pauses() -> None:
    """It failed before this trouble too, while others got through."""
    failed("its own", 400, 20)
    put("for later", **TO_PARTNER, next_at=Now() + timedelta(days=1))
    recovers()

    assert (catch_up(), soon()) == (0, [])


@pytest.mark.parametrize(
    "again", [{"failing_since": Now()}, {"override": "open"}, {"openings": 1, "open_until": Now()}]
)
def test_while_it_fails_again_nothing_is_brought_forward_and_nothing_forgotten(
    again: dict[str, Any],
) -> None:
    failed("once", 20)
    recovers()
    Breaker.objects.update(**again)
    assert (catch_up(), soon()) == (0, [])

    Breaker.objects.update(failing_since=None, override="", openings=0, open_until=None)
    assert (catch_up(), soon()) == (1, ["once"])


def test_a_breaker_that_closes_brings_forward_what_waits_for_hours() -> None:
    failed("once", 20, next_at=Now() + timedelta(hours=5))
    row = Breaker.objects.create(
        name="partner", failing_since=Now() - OUTAGE, openings=1, open_until=Now(), good_probes=2
    )
    row.refresh_from_db()
    observe(row, Observation(answers=1, probe=True), now=datetime.now(UTC))
    row.save()

    assert (catch_up(), soon()) == (1, ["once"])
