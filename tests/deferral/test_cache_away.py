"""The cache refuses, hangs, drips, lies, is full or read-only: values come all the same."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import suppress
from functools import partial

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from deferral.errors import Retry
from deferral.warm import entries, flights, sealing, server, status
from deferral.warm.errors import CacheAway
from deferral.warm.marking import mark_stale
from deferral.warm.reading import value_of
from deferral.warm.rebuilding import rebuild, warm_up
from deferral.warm.values import VALUES
from tests.deferral.warming import LONG_AGO, Built, ordered
from tests.rig.caching import RunningCache
from tests.rig.dripping import Dripping
from tests.rig.listening import listening
from tests.rig.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def built(cache: RunningCache) -> Iterator[Built]:
    yield Built()
    VALUES.pop("tests.value")


@pytest.fixture
def _impatient(cache: RunningCache, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the shop is."""
    monkeypatch.setattr(server, "SILENCE", 0.5)
    monkeypatch.setattr(server, "WHOLE", 1.0)


def read(built: Built) -> str:
    return str(value_of(built.warm))


@pytest.mark.parametrize(
    "words",
    [
        ("CONFIG", "SET", "maxmemory", "1", "maxmemory-policy", "noeviction"),
        ("REPLICAOF", "127.0.0.1", "1"),
        ("CONFIG", "SET", "min-replicas-to-write", "3"),
        ("CONFIG", "SET", "requirepass", "another"),
    ],
    ids=["full", "a replica", "without its replicas", "another password"],
)
def test_an_error_that_it_answers_is_its_absence(
    built: Built, cache: RunningCache, words: tuple[str, ...]
) -> None:
    built.was_kept(ago=LONG_AGO, says="stale")
    with cache.client as line:
        line.execute_command(*words)
    server.forget()

    assert read(built) == "first"
    assert ordered() == []
    assert status.why_away()


def test_a_cache_that_is_gone_costs_a_build_and_no_more(built: Built, cache: RunningCache) -> None:
    built.was_kept()
    cache.end()

    assert [read(built), read(built)] == ["first", "first"]
    rebuild(name="tests.value", of="", replaces=0.0)
    assert warm_up() == 0


@pytest.mark.usefixtures("_impatient")
def test_one_that_hangs_is_asked_once_and_not_for_each_request(
    built: Built, cache: RunningCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    built.was_kept()
    with cache.frozen():
        read(built)
        monkeypatch.setattr(server.server(), "_pool", "nobody may ask")

        assert [read(built) for _ in range(20)] == ["first"] * 20


@pytest.mark.timeout(60)
@pytest.mark.usefixtures("_impatient")
def test_one_that_says_a_byte_at_a_time_is_cut_off(settings: Settings, built: Built) -> None:
    dripping = Dripping(b"$1000000\r\n")
    with listening(dripping):
        settings.CACHE_URL = f"redis://{dripping.place}/0"
        with pytest.raises(CacheAway):
            server.server().ask(("GET", "x"))
        assert read(built) == "first"


@pytest.mark.usefixtures("_impatient")
def test_after_five_seconds_one_asks_whether_it_is_back(
    built: Built, cache: RunningCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "REST", 0.0)
    built.was_kept()
    with cache.frozen():
        assert read(built) == "first"

    assert read(built) == "kept"
    assert status.why_away() == ""


def test_thirty_readers_without_a_cache_are_few_builds(built: Built, cache: RunningCache) -> None:
    cache.end()
    built.goes_on.clear()
    threading.Timer(0.3, built.goes_on.set).start()

    assert at_once(*[partial(read, built)] * 30) == ["first"] * 30
    assert built.builds <= flights.AT_ONCE + 1


def test_who_is_told_of_an_error_joins_nobody_whose_error_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    joined, told = threading.Event(), threading.Event()

    class Slow(Future[str]):
        def set_exception(self, exception: BaseException | None) -> None:
            super().set_exception(exception)
            told.wait(1)  # whoever waits is quicker than we are

    def fail() -> str:
        joined.wait(5)
        raise CacheAway("just now")

    def twice() -> str:
        with suppress(CacheAway):
            flights.shared("x", fail, alone=fail)
        found = flights.shared("x", str, alone=str)
        told.set()
        return str(found)

    monkeypatch.setattr(flights, "Future", Slow)
    monkeypatch.setattr(flights, "_lend_connection", joined.set)

    assert at_once(twice, twice) == ["", ""]


@pytest.mark.parametrize(
    "garbage",
    [b"", b"garbage", b"\x80\x04]\x94.", b"x" * 200_000, b"\x00" * 64, "number", "list", "half"],
    ids=["nothing", "letters", "pickle", "much", "zeros", "number", "list", "half"],
)
def test_what_was_not_sealed_for_its_place_is_no_value(
    built: Built, cache: RunningCache, garbage: bytes | str
) -> None:
    built.was_kept(says="kept")
    place = entries.place_of(built.warm, "")
    with cache.client as line:
        spoil(line, place, garbage)

    assert read(built) == "first"
    assert read(built) == "first"
    assert built.builds == 1


def spoil(line: object, place: str, garbage: bytes | str) -> None:
    ask = line.execute_command  # type: ignore[attr-defined]
    half = ask("GET", place)[:-5]
    ask("DEL", place)
    if garbage == "list":
        ask("RPUSH", place, "1")
    elif garbage == "number":
        ask("INCR", place)
    else:
        ask("SET", place, half if garbage == "half" else garbage)


def test_a_value_of_another_place_is_none_here() -> None:
    sealed = sealing.seal("warm:1:shelf:print", "markup")

    assert sealing.unseal("warm:1:shelf:print", sealed) == "markup"
    assert sealing.unseal("warm:1:shelf:home", sealed) is None


def test_something_else_in_a_marks_place_is_written_over(built: Built, cache: RunningCache) -> None:
    with cache.client as line:
        line.rpush(entries.mark_of("tests.value", ""), "1")

    assert [read(built), read(built)] == ["first", "first"]
    assert (built.builds, ordered()) == (1, [])


def test_a_mark_that_cannot_be_set_is_tried_again(cache: RunningCache) -> None:
    cache.end()

    with pytest.raises(Retry):
        mark_stale([("tests.value", "")])


def test_without_a_cache_nothing_is_asked_and_nothing_said(settings: Settings) -> None:
    settings.CACHE_URL = ""
    mark_stale([("tests.value", "")])
    [finding] = status.check_cache()

    assert (status.why_away(), finding.well) == ("", True)


def test_the_doctor_names_a_cache_that_is_the_brokers_or_forgets_nothing(
    settings: Settings, cache: RunningCache
) -> None:
    [fine] = status.check_cache()
    with cache.client as line:
        line.config_set("maxmemory-policy", "noeviction")
    [full] = status.check_cache()
    settings.CACHE_URL = settings.BROKER_URL.replace("redis+socket", "unix")
    [same] = status.check_cache()

    assert fine.well
    assert "allkeys-lru" in fine.detail
    assert not full.well
    assert not same.well
    assert "one server" in same.detail


def test_ready_without_it_and_says_so(cache: RunningCache) -> None:
    cache.end()
    answer = Client().get("/readyz")

    assert answer.status_code == 200
    assert answer.content.startswith(b"ready\nwithout the cache: ConnectionError")
