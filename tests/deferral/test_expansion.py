"""Events into jobs: all of an event's or none, in their subject's order, whatever handlers do."""

from collections.abc import Iterable, Iterator

import pytest
from celery import current_app
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.functions import Now

from deferral.errors import EmptyJoin, PublishedOutsideTransaction
from deferral.events import publish
from deferral.external_services import ExternalServices
from deferral.handlers import Work, job, join
from deferral.ledger import dead_letters
from deferral.models import Event, Job
from deferral.relay import expansion
from deferral.relay.expansion import EXPANSION, expand_events
from tests.deferral.bench import put, put_event, spec
from tests.deferral.happenings import REACTIONS, Happened


@pytest.fixture(autouse=True)
def _no_reactions() -> Iterator[None]:
    yield
    REACTIONS.clear()


def keys() -> set[str]:
    return set(Job.objects.values_list("key", flat=True))


def state(event: Event) -> str:
    return Event.objects.get(pk=event.pk).state


def test_an_event_and_its_cause_are_one_transaction() -> None:
    with pytest.raises(PublishedOutsideTransaction):
        publish(Happened(name="x"), subject="s")
    with transaction.atomic():
        publish(Happened(name="x"), subject="s")
        transaction.set_rollback(True)

    assert not Event.objects.exists()


def test_a_job_names_its_own_service_else_its_tasks() -> None:
    put_event(payload={"name": "x"})
    tell = current_app.tasks["notifications.tell_crm"]
    mine = job(tell, key="mine", service=ExternalServices().named("acme"), order_id=1)
    REACTIONS["x"] = lambda: [mine, job(tell, key="its", order_id=1), spec("nobody's")]
    expand_events()

    told = dict(Job.objects.values_list("key", "service"))
    assert told == {"mine": "acme", "its": "CRM", "nobody's": ""}


def test_an_event_becomes_its_jobs_once() -> None:
    event = put_event(payload={"name": "x"})
    REACTIONS["x"] = lambda: [spec("one"), spec("two")]

    assert [expand_events(), expand_events()] == [1, 0]
    assert (state(event), keys()) == ("expanded", {"one", "two"})


def test_a_handler_that_raises_half_way_leaves_nothing_and_is_tried_again() -> None:
    def stumble() -> Iterator[Work]:
        yield spec("one")
        raise OSError("half way")

    event = put_event(payload={"name": "x"})
    REACTIONS["x"] = stumble
    expand_events()
    assert (state(event), keys()) == ("pending", set())

    REACTIONS["x"] = lambda: [spec("one")]
    assert expand_events() == 0  # not yet
    Event.objects.update(next_at=Now())
    expand_events()
    assert (state(event), keys()) == ("expanded", {"one"})


@pytest.mark.parametrize("message", ["plain", "an external service's \x00", "half \ud800"])
def test_a_poisonous_event_dies_alone(message: str) -> None:
    def stumble() -> Iterable[Work]:
        raise OSError(message)

    poison = put_event(payload={"name": "x"}, subject="a", attempts=EXPANSION.attempts - 1)
    other = put_event(payload={"name": "y"}, subject="b")
    REACTIONS["x"] = stumble

    expand_events()

    assert (state(poison), state(other)) == ("dead", "expanded")


@pytest.mark.parametrize("payload", [{}, {"name": "x", "more": 1}, [], "text"])
def test_a_payload_that_fits_no_event_is_a_failure_of_that_event(payload: object) -> None:
    event = put_event(payload=payload)

    expand_events()

    assert (state(event), Event.objects.get().attempts) == ("pending", 1)


@pytest.mark.parametrize("first", ["pending", "dead"])
def test_events_of_one_subject_wait_for_each_other(first: str) -> None:
    put_event(subject="a", state=first, next_at=Now() if first == "dead" else "2099-01-01T00:00Z")
    second, other = put_event(subject="a"), put_event(subject="b")

    expand_events()

    assert (state(second), state(other)) == ("pending", "expanded")


def test_an_event_given_up_lets_the_next_of_its_subject_pass() -> None:
    first, second = put_event(state="dead"), put_event()

    dead_letters.discard_events([first.pk], by="eva", reason="never happened")
    expand_events()

    assert state(second) == "expanded"


@pytest.mark.parametrize("columns", [{"type": "bench.unheard_of"}, {"schema_version": 2}])
def test_what_only_newer_code_knows_is_left_to_it(columns: dict[str, object]) -> None:
    event = put_event(**columns)

    assert expand_events() == 0
    assert state(event) == "pending"


def test_a_key_that_exists_is_not_done_again() -> None:
    put("one", state="done")
    put_event(payload={"name": "x"})
    REACTIONS["x"] = lambda: [spec("one"), spec("two")]

    expand_events()

    assert keys() == {"one", "two"}


def test_a_key_that_another_relay_is_just_writing_is_not_written_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(expansion, "_existing", lambda _: set())  # neither sees the other's row
    first, second = (put_event(payload={"name": "x"}, subject=name) for name in ("s:1", "s:2"))
    REACTIONS["x"] = lambda: [spec("one")]

    expand_events()

    assert (state(first), state(second)) == ("expanded", "pending")
    assert Job.objects.filter(key="one").count() == 1


def test_a_join_whose_parts_exist_elsewhere_is_an_error_of_its_event() -> None:
    put("part")
    event = put_event(payload={"name": "x"})
    REACTIONS["x"] = lambda: [join([spec("part"), spec("new")], body=spec("body"))]

    expand_events()

    assert keys() == {"part"}
    assert Event.objects.get(pk=event.pk).errors[-1]["class"] == "PartsAlreadyExist"


def test_a_join_becomes_a_body_that_waits_for_its_parts() -> None:
    put_event(payload={"name": "x"})
    REACTIONS["x"] = lambda: [join([spec("a"), spec("b")], body=spec("body"))]

    expand_events()

    body = Job.objects.get(key="body")
    assert (body.state, body.open_parts, body.is_body) == ("waiting", 2, True)
    assert set(body.parts.values_list("key", flat=True)) == {"a", "b"}


def test_a_join_of_nothing_is_refused() -> None:
    with pytest.raises(EmptyJoin):
        join([], body=spec("body"))


def test_an_event_whose_handler_meets_a_held_row_waits_and_spends_no_attempt(
    elsewhere: BaseDatabaseWrapper,
) -> None:
    event, other = put_event(payload={"name": "x"}), put_event(subject="y", payload={"name": "y"})
    wanted = put("wanted")

    def want_it() -> Iterable[Work]:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '100ms'")
        Job.objects.filter(pk=wanted.pk).update(cause="seen")
        return []

    REACTIONS["x"] = want_it
    with elsewhere.cursor() as cursor:
        cursor.execute("BEGIN; LOCK TABLE deferral_job IN SHARE MODE")

    assert [expand_events(), expand_events()] == [2, 0]
    event.refresh_from_db()
    assert (event.state, event.attempts, event.errors) == ("pending", 0, [])
    assert state(other) == "expanded"


def test_an_event_of_thousands_of_jobs_is_written() -> None:
    """PostgreSQL takes 65,535 parameters in a statement: some 2,200 jobs."""
    put_event(payload={"name": "x"})
    REACTIONS["x"] = lambda: [spec(f"many-{n}") for n in range(2_400)]
    expand_events()

    assert Job.objects.count() == 2_400
