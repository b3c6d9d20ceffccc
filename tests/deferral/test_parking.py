"""Jobs of external services with open breakers wait in the ledger, and come back by themselves."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now

from deferral.external.jobs import WAITING, jobs_of
from deferral.external.overrides import force
from deferral.external.parking import ensure_breakers, park
from deferral.external_services import ExternalServices
from deferral.models import Breaker, Job
from deferral.registry import TASKS, service_tasks
from deferral.relay.publishing import send_due
from tests.deferral.bench import put

TELL = "webhooks.deliver_webhook"


def breaker(**columns: Any) -> Breaker:
    """The partner's, open for another minute unless the columns say otherwise."""
    facts: dict[str, Any] = {"openings": 1, "open_until": Now() + timedelta(minutes=1)}
    return Breaker.objects.create(name="partner", **(facts | columns))


def tell(key: str, **columns: Any) -> Job:
    return put(key, **({"task": TELL, "queue": "partners", "service": "partner"} | columns))


def due() -> list[str]:
    found = Job.objects.filter(state="pending", next_at__lte=Now(), sent_at=None)
    return list(found.order_by("key").values_list("key", flat=True))


def test_jobs_of_a_closed_breaker_stay() -> None:
    breaker(openings=0, open_until=None)
    tell("a")

    assert (park(), due()) == (0, ["a"])


def test_while_it_is_open_all_wait_until_it_is_asked_again_and_lose_no_attempt() -> None:
    breaker()
    for key in "abc":
        tell(key, attempts=2)
    put("other", task="notifications.tell_crm", queue="partners")

    assert (park(), due()) == (3, ["other"])
    row = Job.objects.get(key="a")
    assert (row.attempts, row.snoozes, row.state) == (2, 0, "pending")
    assert row.next_at >= Breaker.objects.get().open_until  # type: ignore[operator]
    assert park() == 0


def test_when_it_may_be_asked_again_the_one_that_waited_longest_is_the_probe() -> None:
    breaker(open_until=Now() - timedelta(seconds=1))
    for age, key in enumerate("cab"):
        tell(key, next_at=Now() - timedelta(minutes=age))

    assert (park(), due()) == (2, ["b"])


def test_what_is_due_in_a_moment_is_not_put_off_for_ever() -> None:
    """Each second everything due before the next look is parked, but for the one that is first."""
    breaker(open_until=Now() - timedelta(seconds=1))
    for number, key in enumerate("abc"):
        tell(key, next_at=Now() + timedelta(seconds=1, milliseconds=number))

    assert park() == 2
    Job.objects.update(next_at=F("next_at") - timedelta(seconds=1.1))
    park()  # the others again, should luck have them come that soon
    assert due() == ["a"]


def test_the_probe_is_one_whose_turn_it_is() -> None:
    breaker(open_until=Now() - timedelta(seconds=1))
    tell("dead", state="dead", ordering_key="s")
    tell("behind it", ordering_key="s", next_at=Now() - timedelta(hours=1))
    tell("free")

    park()

    assert due() == ["free"]


@pytest.mark.parametrize(("ago", "left"), [(1, []), (60, ["fresh"])])
def test_a_hint_just_given_is_probe_enough_and_one_that_lies_about_is_not(
    ago: int, left: list[str]
) -> None:
    breaker(open_until=Now() - timedelta(seconds=1))
    tell("sent", sent_at=Now() - timedelta(seconds=ago), next_at=Now() - timedelta(hours=1))
    tell("fresh")
    park()

    assert due() == left


def test_a_queue_that_stands_still_keeps_no_other_from_probing() -> None:
    """Mail goes out from two queues; nobody serves the one in which something waits longest."""
    ended = Now() - timedelta(seconds=1)
    Breaker.objects.create(name="mail server", openings=1, open_until=ended)
    long_ago = Now() - timedelta(hours=1)
    task = "notifications.tell_of_difference"
    put("books", task=task, queue="bulk", next_at=long_ago)
    for key in "ab":
        put(key, task="notifications.send_confirmation", queue="critical", next_at=Now())
    park()

    assert due() == ["a", "books"]


def test_what_was_parked_comes_back_within_seconds_of_its_closing() -> None:
    breaker()
    tell("a")
    park()
    Job.objects.update(next_at=F("next_at") - timedelta(minutes=1, seconds=5))
    Breaker.objects.update(openings=0, open_until=None)

    assert (park(), due()) == (0, ["a"])


def test_a_person_holds_it_open_and_closed() -> None:
    breaker(openings=0, open_until=None, override="open")
    tell("a")
    assert (park(), due()) == (1, [])

    Job.objects.update(next_at=Now())
    Breaker.objects.update(openings=5, open_until=Now() + timedelta(hours=1), override="closed")
    assert (park(), due()) == (0, ["a"])


def test_one_services_failures_park_no_job_of_another_that_the_same_task_tells() -> None:
    breaker()
    tell("a", service="partner")
    tell("b", service="acme")
    tell("c", service="")

    assert (park(), due()) == (1, ["b", "c"])


def test_whom_no_task_names_is_not_called_too_and_comes_back() -> None:
    Breaker.objects.create(name="acme", override="open")
    tell("a", service="acme")
    tell("b", service="partner")
    assert (park(), due()) == (1, ["b"])

    force(name="acme", override=Breaker.Override.NO, by="ada", reason="they are back")
    soon = Job.objects.filter(next_at__lte=Now() + timedelta(seconds=6))
    assert soon.filter(key="a").exists()


def test_each_queue_is_looked_at_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deferral.external.parking.AT_ONCE", 1)
    Breaker.objects.create(name="mail server", override="open")
    put("books", task="notifications.tell_of_difference", queue="bulk")
    put("mail", task="notifications.send_confirmation", queue="critical")

    assert (park(), due()) == (2, [])


def test_its_jobs_are_looked_for_by_an_index() -> None:
    """One endpoint in trouble costs a look-up each second, however long the queues are."""
    rest = {"subject": "order:1", "task": "bench.work", "queue": "partners"}
    Job.objects.bulk_create(Job(key=f"rest:{number}", **rest) for number in range(2_000))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE deferral_job")
        cursor.execute(f"EXPLAIN {WAITING}", {**jobs_of("acme"), "counted": 10})
        assert "job_service" in str(cursor.fetchall())


def test_nothing_of_it_reaches_the_broker(queued: Any) -> None:
    breaker()
    for number in range(20):
        tell(str(number))
    park()

    assert send_due() == 0
    assert queued("partners") == 0


def test_everybody_outside_has_a_row() -> None:
    ensure_breakers()
    ensure_breakers()

    names = set(Breaker.objects.values_list("name", flat=True))
    assert set(service_tasks()) == {spec.service for spec in TASKS.values() if spec.service}
    assert names == {*service_tasks(), "partner"}
    assert Breaker.objects.get(name="CRM").openings == 0
    ensure_breakers(ExternalServices().named("acme"))
    assert Breaker.objects.filter(name="acme").exists()


@pytest.mark.parametrize("verb", ["closed", ""])
def test_what_a_person_releases_comes_back_within_seconds(verb: str) -> None:
    breaker(open_until=Now() + timedelta(minutes=9))
    for number in range(20):
        tell(str(number))
    tell("tomorrow", next_at=Now() + timedelta(days=1))
    park()
    assert due() == []
    force(name="partner", override=Breaker.Override(verb), by="ada", reason="they are back")

    soon = Job.objects.filter(next_at__lte=Now() + timedelta(seconds=6))
    assert soon.count() == 20


def test_what_was_put_off_longest_of_all_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a spread each is: by a later clock than its breaker's it would lie beyond."""
    monkeypatch.setattr("deferral.external.jobs.SPREAD", 0.0)
    monkeypatch.setattr("deferral.external.jobs.A_SECOND", 10**9)
    breaker(open_until=Now() + timedelta(minutes=9))
    tell("a")
    park()
    force(name="partner", override=Breaker.Override.NO, by="ada", reason="they are back")

    assert due() == ["a"]


def test_a_long_queue_comes_back_as_fast_as_it_can_be_parked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("deferral.external.jobs.A_SECOND", 2)
    breaker()
    for number in range(60):
        tell(str(number))
    park()

    horizon = Now() + timedelta(minutes=1, seconds=10)
    assert 5 < Job.objects.filter(next_at__lt=horizon).count() < 40


@pytest.mark.parametrize("override", ["open", "closed", ""])
def test_a_service_without_tasks_does_no_harm(override: str) -> None:
    breaker(override=override)
    Breaker.objects.filter(name="partner").update(name="nobody")

    assert park() == 0
