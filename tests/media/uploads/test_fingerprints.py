"""Another file of the same name and size is told apart, on this machine and in a bucket."""

import io
from typing import Any
from zlib import crc32

import pytest

from media.models import Upload
from media.uploads import finishing
from media.uploads.beginning import begin
from media.uploads.errors import AnotherWasBegun
from media.uploads.fingerprints import LOOKED_AT, fingerprint
from media.uploads.parts import say_sent
from media.uploads.purposes import PURPOSES
from tests.media.uploads.sending import WHO, attached, content, finish, send
from tests.media.uploads.test_to_a_bucket import post

pytestmark = pytest.mark.django_db

WHOLE = content()
OTHER = content()[:-1] + b"x"


def begun(whole: bytes, *, anew: bool = False) -> Upload:
    """By a page that says which file it is."""
    said = fingerprint(io.BytesIO(whole), size=len(whole))
    facts: Any = {"subject": "1", "name": "film.mp4", "size": len(whole), "by": WHO}
    return begin(PURPOSES["probe"], fingerprint=said, anew=anew, **facts)


@pytest.mark.parametrize("at", [0, LOOKED_AT - 1, LOOKED_AT + 1, 2 * LOOKED_AT])
def test_it_is_of_the_first_and_the_last_bytes(at: int) -> None:
    whole = bytearray(2 * LOOKED_AT + 1)
    before = fingerprint(io.BytesIO(whole), size=len(whole))
    whole[at] = 1

    assert len(before) == 16
    assert fingerprint(io.BytesIO(whole), size=len(whole)) != before


def test_of_a_small_file_all_of_it_is_looked_at_twice() -> None:
    assert fingerprint(io.BytesIO(WHOLE), size=len(WHOLE)) == f"{crc32(WHOLE):08x}" * 2


@pytest.mark.parametrize("state", ["open", "whole"])
def test_the_page_of_the_second_is_told_at_once(state: str) -> None:
    first = begun(WHOLE)
    send(first, WHOLE, 0, 1_500 if state == "open" else len(WHOLE))
    with pytest.raises(AnotherWasBegun):
        begun(OTHER)

    assert begun(WHOLE).pk == first.pk
    assert begun(OTHER, anew=True).pk != first.pk


def test_in_a_bucket_the_second_is_told_as_well(bucket: Any) -> None:
    begun(WHOLE)
    with pytest.raises(AnotherWasBegun):
        begun(OTHER)


def test_a_bucket_that_has_got_another_file_has_it_refused(bucket: Any) -> None:
    """By a form that was signed for the first."""
    upload = begun(WHOLE)
    assert post(upload, OTHER) == 204
    say_sent(upload.tag)
    finish(upload)

    assert (upload.state, upload.said) == ("refused", finishing.ANOTHER)
    assert attached() == []


def test_on_a_disk_too() -> None:
    upload = begun(WHOLE)
    send(upload, OTHER, 0, len(OTHER))
    finish(upload)

    assert (upload.state, upload.said) == ("refused", finishing.ANOTHER)


def test_a_page_of_before_says_nothing_and_goes_on() -> None:
    first = begun(WHOLE)
    facts: Any = {"subject": "1", "name": "film.mp4", "size": len(WHOLE), "by": WHO}

    assert begin(PURPOSES["probe"], **facts).pk == first.pk
