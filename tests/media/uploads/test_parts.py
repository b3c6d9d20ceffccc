"""The protocol's table: what a sender can say of a part that is well-formed, and wrong."""

import errno
import io
import os
import threading
from contextlib import suppress
from pathlib import Path
from zlib import crc32

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from media.models import Upload
from media.uploads import errors, local
from media.uploads.ending import cancel
from media.uploads.parts import append
from tests.media.uploads.sending import begun, content, send, sent

pytestmark = pytest.mark.django_db

WHOLE = content()
OTHER = WHOLE[:1_000] + b"x" + WHOLE[1_001:]


def here(upload: Upload) -> bytes:
    """What counts of what is on the disk."""
    upload.refresh_from_db()
    path = local.path_of(upload.tag)
    return path.read_bytes()[: upload.received] if path.exists() else b""


def on_the_disk(upload: Upload) -> int:
    """Bytes, whether they count or not."""
    return local.path_of(upload.tag).stat().st_size


@pytest.fixture
def half() -> Upload:
    """Its first 1,500 bytes are here."""
    return send(begun(), WHOLE, 0, 1_500)


def test_parts_in_a_row_are_the_file_and_then_it_is_whole(half: Upload) -> None:
    whole = send(half, WHOLE, 1_500, 3_000)

    assert here(whole) == WHOLE
    assert whole.state == Upload.State.WHOLE


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        (0, 1_500, errors.AnotherOffset),  # twice: its answer was lost
        (0, 700, errors.AnotherOffset),  # a part of what is here
        (2_000, 3_000, errors.AnotherOffset),  # ahead of it
        (1_499, 3_000, errors.AnotherOffset),
        (3_000, 3_000, errors.AnotherOffset),
        (1_500, 1_500, errors.AnotherFile),  # nothing
    ],
)
def test_a_part_that_does_not_fit_is_told_and_changes_nothing(
    half: Upload, start: int, end: int, told: type[Exception]
) -> None:
    with pytest.raises(told):
        send(half, WHOLE, start, end)

    assert here(half) == WHOLE[:1_500]


@pytest.mark.parametrize(
    ("part", "summed"),
    [
        (WHOLE[1_500:2_000], WHOLE[:2_001]),
        (WHOLE[1_500:2_001], WHOLE[:2_000]),
        (WHOLE[1_500:1_999] + b"x", WHOLE[:2_000]),
        (WHOLE[1_500:2_000], WHOLE[1_500:2_000]),
        (WHOLE[1_500:2_000], OTHER[:2_000]),
    ],
    ids=["shorter", "longer", "damaged", "of the part alone", "of a file that has changed"],
)
def test_a_part_whose_sum_differs_is_not_kept(half: Upload, part: bytes, summed: bytes) -> None:
    with pytest.raises(errors.AnotherFile):
        append(half.tag, io.BytesIO(part), offset=1_500, crc=crc32(summed))

    assert here(half) == WHOLE[:1_500]
    assert on_the_disk(half) == 1_500


def test_bytes_after_the_end_are_refused_and_it_can_go_on(half: Upload) -> None:
    more = WHOLE + b"more"
    with pytest.raises(errors.TooLarge):
        send(half, more, 1_500, len(more))
    assert on_the_disk(half) == 1_500
    send(half, WHOLE, 1_500, 3_000)

    assert here(half) == WHOLE


def test_nothing_is_taken_by_what_is_whole_or_discarded(half: Upload) -> None:
    whole = sent(WHOLE, name="another.mp4")
    cancel(half.tag)

    for upload in (half, whole):
        with pytest.raises(errors.Over):
            send(upload, WHOLE, 1_500, 3_000)


def test_the_first_bytes_decide_before_the_rest_is_sent() -> None:
    upload, playlist = begun(), b"#EXTM3U\n" + WHOLE
    with pytest.raises(errors.NotTaken, match="This is a playlist"):
        send(upload, playlist, 0, 100)

    upload.refresh_from_db()
    assert (upload.state, upload.received) == ("refused", 0)


def test_a_disk_that_is_full_takes_nothing_away(
    half: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fdatasync", full)
        with pytest.raises(errors.NoSpace):
            send(half, WHOLE, 1_500, 3_000)
    assert here(half) == WHOLE[:1_500]
    assert on_the_disk(half) == 1_500

    send(half, WHOLE, 1_500, 3_000)
    assert here(half) == WHOLE


def test_what_a_killed_process_wrote_beyond_its_row_does_not_count(half: Upload) -> None:
    with local.path_of(half.tag).open("ab") as file:
        file.write(b"more than the rest: half a part of somebody who died" * 99)
    send(half, WHOLE, 1_500, 3_000)

    assert here(half) == WHOLE
    assert local.path_of(half.tag).stat().st_size == 3_000


def test_bytes_that_are_lost_are_asked_for_again(half: Upload) -> None:
    local.path_of(half.tag).unlink()
    with pytest.raises(errors.AnotherOffset, match="begins anew"):
        send(half, WHOLE, 1_500, 3_000)
    send(half, WHOLE, 0, 3_000)

    assert here(half) == WHOLE


def test_only_their_owner_reads_the_bytes(half: Upload, settings: Settings) -> None:
    path = local.path_of(half.tag)

    assert path.stat().st_mode & 0o077 == 0
    assert path.parent == Path(settings.DATA_DIR) / "unfinished"


def tab(upload: Upload, whole: bytes) -> None:
    """It goes on wherever the other one has come to, until that was another file."""
    try:
        for start in range(0, len(whole), 500):
            with suppress(errors.AnotherOffset):
                send(upload, whole, start, start + 500)
    except (errors.AnotherFile, errors.Over):
        pass
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("others", [WHOLE, OTHER], ids=["the same", "another"])
def test_two_tabs_at_once_are_one_file_and_never_a_mixture(others: bytes) -> None:
    upload = begun()
    tabs = [threading.Thread(target=tab, args=[upload, whole]) for whole in (WHOLE, others)]
    for each in tabs:
        each.start()
    for each in tabs:
        each.join()

    found = here(upload)
    assert found in {WHOLE[: len(found)], others[: len(found)]}
    assert upload.crc == crc32(found)
