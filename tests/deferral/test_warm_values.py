"""Values that are kept warm: who waits, who builds, and what a change does."""

import threading
import time
from collections.abc import Iterator
from functools import partial

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django.fixtures import Settings

from deferral.models import Event
from deferral.warm import building, entries, flights, rebuilding, releases
from deferral.warm.marking import mark_stale
from deferral.warm.reading import value_of
from deferral.warm.values import VALUES, Warm
from tests.deferral.warming import LONG_AGO, Built, ordered, rebuilt
from tests.rig.caching import RunningCache
from tests.rig.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)
READERS = 30


@pytest.fixture
def built(cache: RunningCache) -> Iterator[Built]:
    yield Built()
    VALUES.pop("tests.value")


def read(built: Built) -> str:
    return str(value_of(built.warm))


def test_thirty_readers_of_a_stale_value_are_served_at_once_and_order_one_rebuild(
    built: Built,
) -> None:
    built.was_kept(ago=LONG_AGO, says="stale")

    assert at_once(*[partial(read, built)] * READERS) == ["stale"] * READERS
    assert (built.builds, len(ordered())) == (0, 1)
    rebuilt()
    assert (read(built), built.builds) == ("first", 1)


def test_where_the_cache_forgets_who_ordered_the_jobs_key_is_the_second_guard(
    built: Built, cache: RunningCache
) -> None:
    built.was_kept(ago=LONG_AGO)
    for _ in range(3):
        read(built)
        with cache.client as line:
            line.delete(*cache.keys("ordered:"))

    keys = {event.payload["key"] for event in Event.objects.all()}
    assert len(keys) <= 2  # two, where half a minute has ended meanwhile
    rebuilt()
    assert built.builds == 1


def test_an_order_whose_reader_died_before_its_job_was_written_is_given_again(
    built: Built, cache: RunningCache
) -> None:
    built.was_kept(ago=LONG_AGO)
    entries.take("ordered", built.warm, "", seconds=rebuilding.AGAIN)
    read(built)
    assert ordered() == []
    with cache.client as line:
        [order] = cache.keys("ordered:")
        assert 0 < line.pttl(order) <= rebuilding.AGAIN * 1_000
        line.delete(order)  # half a minute later

    read(built)
    assert len(ordered()) == 1


def test_a_reader_is_served_though_the_database_takes_no_order(
    built: Built,
) -> None:
    built.was_kept(ago=LONG_AGO)
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")

    assert read(built) == "kept"
    connection.close()


def test_thirty_readers_of_nothing_are_one_build(built: Built) -> None:
    built.goes_on.clear()
    let_go = threading.Timer(0.3, built.goes_on.set)
    let_go.start()

    assert at_once(*[partial(read, built)] * READERS) == ["first"] * READERS
    assert built.builds == 1


def test_another_process_that_builds_is_waited_for(built: Built) -> None:
    entries.take("building", built.warm, "", seconds=10)
    threading.Timer(0.3, partial(built.was_kept, says="theirs")).start()

    assert (read(built), built.builds) == ("theirs", 0)


def test_one_that_has_died_is_waited_for_two_seconds_at_most(
    built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert flights.PATIENCE + flights.IN_LINE <= 2
    monkeypatch.setattr(flights, "PATIENCE", 0.1)
    entries.take("building", built.warm, "", seconds=10)

    assert (read(built), built.builds) == ("first", 1)


def test_a_build_that_fails_keeps_the_next_reader_waiting_for_nobody(
    built: Built, cache: RunningCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> bool:
        raise DatabaseError

    monkeypatch.setattr(built.goes_on, "wait", lambda _: fail())
    with pytest.raises(DatabaseError):
        read(built)

    assert cache.keys("building:") == []


def test_a_change_makes_stale_and_deletes_nothing(built: Built) -> None:
    built.was_kept(says="before")
    mark_stale([("tests.value", "")])

    assert (read(built), len(ordered())) == ("before", 1)
    rebuilt()
    assert read(built) == "first"


def test_a_build_that_read_before_a_change_and_ends_after_it_is_stale(
    built: Built,
) -> None:
    built.goes_on.clear()
    late = threading.Thread(target=building.build_and_keep, args=[built.warm, ""])
    late.start()
    built.has_begun.wait()
    built.says = "changed"
    mark_stale([("tests.value", "")])
    built.goes_on.set()
    late.join()

    assert read(built) == "first"
    rebuilt()
    assert read(built) == "changed"


def test_nothing_is_fresh_whose_mark_was_forgotten(built: Built, cache: RunningCache) -> None:
    built.was_kept()
    with cache.client as line:
        line.delete(*cache.keys("mark:"))

    assert (read(built), len(ordered())) == ("kept", 1)


def test_a_rebuild_that_somebody_else_has_done_is_not_done_again(built: Built) -> None:
    built.was_kept(ago=LONG_AGO)
    read(built)
    built.was_kept(says="theirs")
    rebuilt()

    assert (read(built), built.builds) == ("theirs", 0)


def test_what_is_too_old_is_as_good_as_none(built: Built) -> None:
    built.was_kept(ago=601)

    assert (read(built), len(ordered())) == ("first", 0)


def test_a_clock_that_was_ahead_keeps_nothing_fresh_for_ever(built: Built) -> None:
    built.was_kept(ago=-86_400)

    read(built)
    assert len(ordered()) == 1


def test_a_reader_who_knows_better_orders_a_rebuild(built: Built) -> None:
    built.was_kept(says="version 1")
    value_of(built.warm, is_current=lambda body: body == "version 2")

    assert len(ordered()) == 1


def test_within_a_transaction_nothing_is_read_from_the_cache_or_kept_in_it(
    built: Built, cache: RunningCache
) -> None:
    built.was_kept(says="of others")
    with transaction.atomic():
        assert read(built) == "first"

    assert read(built) == "of others"


def test_a_release_reads_what_it_has_kept_itself(
    built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    built.was_kept(says="of the older release")
    monkeypatch.setattr(entries, "release", lambda: "newer")

    assert read(built) == "first"


def test_what_pages_show_of_settings_makes_another_release(settings: Settings) -> None:
    before = releases.release.__wrapped__()
    settings.FILES_ORIGIN = "https://files.example"

    assert releases.release.__wrapped__() != before


def test_what_is_too_large_is_built_by_whoever_asks_and_nobody_waits_for_it(
    built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "MOST_BYTES", 200)
    built.says = "".join(chr(number) for number in range(1_000, 3_000))

    assert [read(built), read(built)] == [built.says] * 2
    assert built.builds == 2


def test_what_no_task_rebuilds_is_rebuilt_by_the_first_who_asks(cache: RunningCache) -> None:
    built = Built(task="", fresh=3, usable=600)
    built.was_kept(ago=4, says="stale")
    VALUES.pop("tests.value")
    built.goes_on.clear()
    threading.Timer(0.3, built.goes_on.set).start()

    assert sorted(at_once(*[partial(read, built)] * 8)) == ["first", *["stale"] * 7]
    assert built.builds == 1


def test_the_schedule_builds_nothing_that_is_known_to_be_too_large(
    built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    always = Warm(name="tests.always", build=built, fresh=60, usable=600, always=("",))
    monkeypatch.setattr(rebuilding, "VALUES", {"tests.always": always})
    monkeypatch.setattr(entries, "MOST_BYTES", 200)
    built.says = "".join(chr(number) for number in range(1_000, 3_000))

    assert [rebuilding.warm_up(), rebuilding.warm_up()] == [1, 0]


def test_the_schedule_builds_anew_what_would_soon_be_stale(
    built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    always = Warm(name="tests.always", build=built, fresh=120, usable=600, always=("",))
    monkeypatch.setattr(rebuilding, "VALUES", {"tests.always": always})

    assert [rebuilding.warm_up(), rebuilding.warm_up()] == [1, 0]
    mark = entries.mark_before(always, "")
    entries.keep(always, "", "old", mark=mark, built=time.time() - 60)
    assert rebuilding.warm_up() == 1
