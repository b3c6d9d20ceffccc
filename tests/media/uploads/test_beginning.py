"""How much may be on its way, and who goes on with what."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from media.models import Upload
from media.uploads import errors, local
from media.uploads.beginning import begin
from media.uploads.ending import cancel
from media.uploads.limits import MOST_OF_ONE, SPARE
from media.uploads.purposes import PURPOSES
from tests.media.uploads.sending import (
    WHO,
    attached,
    begun,
    content,
    finish,
    send,
    sent,
    waiting_job,
)

pytestmark = pytest.mark.django_db

GIGABYTE = 1_000_000_000
LOCKS = re.compile("FOR UPDATE|advisory").search


def test_the_same_file_of_the_same_person_goes_on() -> None:
    first = send(begun(), content(), 0, 1_500)
    again = begun()

    assert (again.pk, again.received) == (first.pk, 1_500)


def test_a_file_that_is_sent_again_while_it_is_looked_at_is_attached_once() -> None:
    first = sent(content())
    again = begun()
    finish(again)

    assert (again.pk, again.state, Upload.objects.count()) == (first.pk, "done", 1)
    assert len(attached()) == 1


def test_anew_discards_what_is_whole_and_its_job_attaches_nothing() -> None:
    first = sent(content())
    asked = {"subject": "1", "name": "film.mp4", "size": 3_000, "by": WHO}
    second = begin(PURPOSES["probe"], anew=True, **asked)  # type: ignore[arg-type]
    finish(first)

    assert (first.state, second.state, attached()) == ("cancelled", "open", [])


@pytest.mark.parametrize(
    "other", [{"name": "b.mp4"}, {"subject": "2"}, {"by": "eve@example.org"}, {"size": 3_001}]
)
def test_whatever_differs_is_another_upload(other: dict[str, object]) -> None:
    assert begun().pk != begun(**other).pk  # type: ignore[arg-type]


def test_anew_discards_what_was_begun() -> None:
    first = send(begun(), content(), 0, 1_500)
    asked = {"subject": "1", "name": "film.mp4", "size": 3_000, "by": WHO}
    second = begin(PURPOSES["probe"], anew=True, **asked)  # type: ignore[arg-type]

    first.refresh_from_db()
    assert (first.state, second.received) == ("cancelled", 0)


@pytest.mark.parametrize(
    ("size", "told"),
    [(0, errors.Nonsense), (-1, errors.Nonsense), (2 * GIGABYTE + 1, errors.TooLarge)],
)
def test_a_size_that_cannot_be_is_refused_before_a_byte_is_sent(
    size: int, told: type[Exception]
) -> None:
    with pytest.raises(told):
        begun(size)
    assert not Upload.objects.exists()


def test_a_person_has_so_many_unfinished_ones_and_others_have_theirs() -> None:
    for number in range(MOST_OF_ONE):
        begun(name=f"{number}.mp4")
    with pytest.raises(errors.TooManyUnfinished):
        begun(name="one more.mp4")
    begun(by="eve@example.org")

    assert begun(name="0.mp4").name == "0.mp4"


def test_who_says_sizes_and_sends_nothing_keeps_nobody_out() -> None:
    for number in range(12):
        begun(2 * GIGABYTE, name=f"{number}.mp4", by=f"{number // MOST_OF_ONE}@example.org")

    assert begun(2 * GIGABYTE, by="eve@example.org").state == "open"


@pytest.mark.parametrize("state", ["open", "whole"])
def test_what_has_arrived_of_all_together_has_a_bound(state: str) -> None:
    arrived = sent(content()) if state == "whole" else begun()
    facts = {"size": 20 * GIGABYTE, "received": 20 * GIGABYTE if state == "open" else 0}
    Upload.objects.filter(pk=arrived.pk).update(**facts)

    with pytest.raises(errors.NoSpace):
        begun(by="eve@example.org")


def test_a_part_beyond_the_bound_or_the_disk_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    half, other = send(begun(), content(), 0, 1_500), begun(name="b.mp4")
    with monkeypatch.context() as patch:
        patch.setattr(local, "space", lambda: SPARE - 1)
        with pytest.raises(errors.NoSpace):
            send(half, content(), 1_500, 3_000)
    Upload.objects.filter(pk=other.pk).update(size=21 * GIGABYTE, received=21 * GIGABYTE)
    with pytest.raises(errors.NoSpace):
        send(half, content(), 1_500, 3_000)
    cancel(other.tag)

    assert send(half, content(), 1_500, 3_000).state == "whole"


def test_nobody_waits_for_a_row_while_all_others_wait_for_them() -> None:
    begun()
    with CaptureQueriesContext(connection) as goes_on:
        begun()
    with CaptureQueriesContext(connection) as begins:
        begun(name="b.mp4")
    locks = ["row" if "FOR UPDATE" in one["sql"] else "all" for one in begins if LOCKS(one["sql"])]

    assert not any("advisory" in one["sql"] for one in goes_on)
    assert locks == ["row", "all"]


def test_what_staff_have_given_up_looking_at_is_sent_anew() -> None:
    first = sent(content())
    waiting_job(first, "dead")
    assert begun().pk == first.pk
    waiting_job(first, "discarded")

    assert begun().pk != first.pk


def test_what_the_disk_has_is_promised_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "space", lambda: SPARE + 5_000)
    send(begun(), content(), 0, 1_000)
    begun(3_000, name="b.mp4")

    with pytest.raises(errors.NoSpace):
        begun(name="c.mp4")
