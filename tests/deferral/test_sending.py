"""Hints: stamped, sent, and due again when the broker did not take them."""

from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F
from django.utils import timezone
from kombu.exceptions import EncodeError, OperationalError
from pytest_django.fixtures import Settings

from deferral.models import Job, Queue
from deferral.relay import publishing
from deferral.relay.markers import give_lost_hints_again
from deferral.relay.publishing import BrokerAway, send_due
from tests.deferral.bench import deliver, now, put, put_join
from tests.deferral.conftest import Queues

STAMPED = "SELECT count(sent_at) FROM deferral_job WHERE id = ANY(%s)"


def unsent() -> set[str]:
    """Keys of the pending jobs whose hint nobody has given."""
    rows = Job.objects.filter(state="pending", sent_at__isnull=True)
    return set(rows.values_list("key", flat=True))


def refuse_after(monkeypatch: pytest.MonkeyPatch, count: int, error: Exception) -> None:
    """The broker takes so many messages, and then none."""
    publish = current_app.amqp.send_task_message
    taken: list[Any] = []

    def send(*args: Any, **kwargs: Any) -> Any:
        if len(taken) == count:
            raise error
        taken.append(args)
        return publish(*args, **kwargs)

    monkeypatch.setattr(current_app.amqp, "send_task_message", send)


def test_a_due_job_is_sent_once_and_a_later_one_not_at_all(queued: Queues) -> None:
    put("due")
    put("done", state="done")

    assert [send_due(), send_due()] == [1, 0]
    assert queued("critical") == 1


def test_a_hint_is_stamped_before_it_is_sent(
    elsewhere: BaseDatabaseWrapper, queued: Queues, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("job")
    put_join("a", "b")
    publish = publishing._publish
    stamped: list[int] = []

    def look_and_publish(batch: Any) -> None:
        with elsewhere.cursor() as cursor:  # what a worker that is quicker than we are would see
            cursor.execute(STAMPED, [[hint.job.id for hint in batch]])
            stamped.extend(cursor.fetchone())
        publish(batch)

    monkeypatch.setattr(publishing, "_publish", look_and_publish)
    send_due()

    assert sum(stamped) == queued("critical") == 3


def test_what_a_broker_did_not_take_is_due_again(
    queued: Queues, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in ("a", "b", "c"):
        put(key)
    refuse_after(monkeypatch, 1, OperationalError("gone"))

    with pytest.raises(BrokerAway):
        send_due()

    assert queued("critical") == 1
    assert unsent() == {"b", "c"}


def test_a_broker_without_memory_is_a_broker_that_is_away(queued: Queues, valkey: Any) -> None:
    put("a")
    valkey.config_set("maxmemory", 1)

    with pytest.raises(BrokerAway):
        send_due()

    assert unsent() == {"a"}


def test_a_message_that_cannot_be_written_stops_no_other(
    queued: Queues, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = put("odd")
    put("plain")
    publish = publishing._publish

    def fail_on_odd(batch: Any) -> None:
        if batch[0].job.id == odd.pk:
            raise EncodeError("odd")
        publish(batch)

    monkeypatch.setattr(publishing, "_publish", fail_on_odd)
    assert send_due() == 2

    assert queued("critical") == 1
    assert now(odd).sent_at is not None  # a marker will find it lost, and it is tried again


def test_a_chord_cut_short_by_the_broker_is_sent_again_part_by_part(
    queued: Queues, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_join("a", "b", "c")
    with monkeypatch.context() as cut:
        refuse_after(cut, 1, OperationalError("gone"))
        with pytest.raises(BrokerAway):
            send_due()

    assert send_due() == 3

    assert queued("critical") == 4  # "a" twice: its second message is refused by the claim


def test_no_more_than_so_many_hints_are_under_way_in_a_queue(
    queued: Queues, settings: Settings
) -> None:
    settings.HINTS_AHEAD = 3
    jobs = [put(f"job {number}") for number in range(7)]
    put("other", queue="bulk")

    assert [send_due(), send_due()] == [4, 0]
    assert (queued("critical"), queued("bulk")) == (3, 1)

    Job.objects.filter(pk__in=[jobs[0].pk, jobs[2].pk]).update(state="running")
    assert send_due() == 2


def test_more_hints_are_under_way_where_threads_take_them(
    queued: Queues, settings: Settings
) -> None:
    settings.HINTS_AHEAD, settings.DEFERRAL_THREAD_QUEUES = 2, ["partners"]
    for number in range(10):
        put(f"call {number}", queue="partners")
        put(f"receipt {number}")

    send_due()

    assert (queued("partners"), queued("critical")) == (6, 2)


@pytest.mark.parametrize(("chords", "parts"), [(True, 1), (False, 1), (False, 2)])
def test_a_confirmation_is_not_behind_the_documents_of_who_came_later(
    queued: Queues, settings: Settings, parts: int, *, chords: bool
) -> None:
    """Twenty orders at once, a window of two. (A chord of more parts brings its body itself.)"""
    settings.HINTS_AHEAD, settings.JOINS_AS_CHORDS = 2, chords
    for number in range(20):
        body = put(f"mail {number}", state="waiting", is_body=True, open_parts=parts)
        for at in range(parts):
            put(f"part {number}.{at}", body=body)
    done: list[str] = []

    while send_due():
        for row in Job.objects.filter(state="pending").exclude(sent_at=None).order_by("id"):
            deliver(row)
            done.append(row.key)

    assert len(done) == 20 * (parts + 1)
    assert done.index("mail 0") < 3 * (parts + 1)


def test_a_lost_hint_is_not_always_the_first_again(queued: Queues, settings: Settings) -> None:
    """Hints that older workers refuse: the others have their turn."""
    settings.HINTS_AHEAD = 2
    for number in range(2):
        put(f"newer {number}", next_at=timezone.now() - timedelta(minutes=1))
    put("plain", next_at=timezone.now() - timedelta(seconds=20))
    for _ in range(6):
        send_due()
        sent = set(Job.objects.exclude(sent_at=None).values_list("key", flat=True))
        if "plain" in sent:
            return
        Queue.objects.update_or_create(name="critical", defaults={"seen": timezone.now()})
        Job.objects.update(sent_at=F("sent_at") - timedelta(seconds=2))
        give_lost_hints_again()
    pytest.fail("it never had its turn")


def test_a_task_that_is_not_known_here_keeps_no_room(queued: Queues, settings: Settings) -> None:
    settings.HINTS_AHEAD = 2
    for number in range(3):
        put(f"strange {number}", task="tomorrow.do_it")
    put("plain")

    assert send_due() == 1
    assert unsent() == {"strange 0", "strange 1", "strange 2"}
