"""The cache answers something well-formed and wrong: that is its absence, in pages and in jobs."""

from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from deferral.errors import Retry
from deferral.warm import server, status
from deferral.warm.answers import NoAnswer, checked
from deferral.warm.marking import mark_stale
from deferral.warm.reading import value_of
from deferral.warm.rebuilding import rebuild, warm_up
from deferral.warm.values import VALUES
from shop.seeding import seed_catalogue
from tests.deferral.warming import Built
from tests.rig.answering import Answering
from tests.rig.caching import RunningCache
from tests.rig.listening import listening

pytestmark = pytest.mark.django_db(transaction=True)

WRONG = {
    "number": b":1\r\n",
    "word": b"$5\r\nhello\r\n",
    "OK": b"+OK\r\n",
    "nothing": b"$-1\r\n",
    "no list": b"*-1\r\n",
    "empty list": b"*0\r\n",
    "short list": b"*1\r\n$-1\r\n",
    "numbers": b"*2\r\n:1\r\n:2\r\n",
    "nothings": b"*2\r\n$-1\r\n$-1\r\n",
    "list in a list": b"*2\r\n*1\r\n:1\r\n*0\r\n",
    "errors in a list": b"*2\r\n-ERR a\r\n-ERR b\r\n",
    "lists without end": b"*1\r\n" * 100_000,
}


@pytest.fixture(params=list(WRONG.values()), ids=list(WRONG))
def _wrong(request: pytest.FixtureRequest, settings: Settings) -> Iterator[None]:
    with listening(answering := Answering(request.param)):
        settings.CACHE_URL = answering.url
        server.forget()
        yield
    server.forget()


@pytest.fixture
def built() -> Iterator[Built]:
    yield Built()
    VALUES.pop("tests.value")


@pytest.mark.usefixtures("_wrong")
def test_pages_come_and_say_that_they_come_without_it() -> None:
    seed_catalogue()
    pages = [Client().get(path) for path in ("/", "/products/harbour-mug/", "/readyz")]

    assert [page.status_code for page in pages] == [200] * 3
    assert pages[0].content.count(b'class="card"') == 40
    assert b"without the cache" in pages[-1].content


@pytest.mark.usefixtures("_wrong")
def test_jobs_build_nothing_and_try_a_mark_again(built: Built) -> None:
    assert value_of(built.warm) == "first"
    rebuild(name="tests.value", of="", replaces=0.0)
    assert warm_up() == 0

    with pytest.raises(Retry):
        mark_stale([("tests.value", "")])
    [finding] = status.check_cache()
    assert not finding.well


def test_only_the_first_place_may_be_answered_by_nothing() -> None:
    assert checked(("SET", "x", "1", "NX", "PX", 1), None) is None
    with pytest.raises(NoAnswer):
        checked(("SET", "x", "1", "PX", 1), None)


def test_a_cache_that_gives_back_something_else_does_not_serve(
    cache: RunningCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server.Server, "ask", lambda *_: [b"OK", [b"another"]])

    assert status.why_away() == "it does not give back what it was given"
