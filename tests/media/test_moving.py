"""Files move from the disk to a bucket and back, and can be read all the while."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from media.places import place
from reports.models import Document
from tests.media.conftest import Write
from tests.rig.buckets import use_bucket


@pytest.fixture
def three(bucket: Any, settings: Settings, write: Write) -> list[Document]:
    """On the disk; new files go to the bucket."""
    use_bucket(settings, settings.BUCKET, place="local")
    written = [write(b"paper %d" % number, key=f"receipt:{number}") for number in range(3)]
    use_bucket(settings, settings.BUCKET)
    return written


def stands(document: Document, where: str) -> bool:
    return place(where).look(str(document.file.name)) is not None


def contents() -> list[bytes]:
    return [one.read() for one in Document.objects.order_by("key")]


WRITTEN = [b"paper 0", b"paper 1", b"paper 2"]


def test_a_file_is_read_from_where_it_stands(three: list[Document]) -> None:
    assert contents() == WRITTEN
    with three[0].open() as stream:
        assert stream.read() == b"paper 0"


def test_files_are_copied_and_their_rows_say_so(three: list[Document], capsys: Any) -> None:
    call_command("move_files", "s3")

    assert {one.place for one in Document.objects.all()} == {"s3"}
    assert all(stands(one, "s3") and stands(one, "local") for one in three)
    assert "3 files are in s3, read back and compared." in capsys.readouterr().out


def test_the_source_is_deleted_when_asked_for_and_back_again(
    three: list[Document], settings: Settings
) -> None:
    call_command("move_files", "s3")
    call_command("move_files", "s3", "--delete-source")
    assert not any(stands(one, "local") for one in three)
    assert contents() == WRITTEN

    use_bucket(settings, settings.BUCKET, place="local")
    call_command("move_files", "local", "--delete-source")
    assert not any(stands(one, "s3") for one in three)
    assert contents() == WRITTEN


def test_a_dry_run_counts_and_changes_nothing(three: list[Document], capsys: Any) -> None:
    call_command("move_files", "s3", "--dry-run")

    assert "3 files to look at. Nothing was changed." in capsys.readouterr().out
    assert not any(stands(one, "s3") for one in three)


def test_a_source_is_not_deleted_while_new_files_go_there(
    three: list[Document], settings: Settings
) -> None:
    use_bucket(settings, settings.BUCKET, place="local")

    with pytest.raises(CommandError, match="New files still go to local"):
        call_command("move_files", "s3", "--delete-source")


def test_a_damaged_file_is_named_and_stays_where_it_is(
    three: list[Document], settings: Settings
) -> None:
    Path(settings.MEDIA_ROOT, str(three[1].file.name)).write_bytes(b"pager 1")

    with pytest.raises(CommandError, match="1 are whole in no storage, and were left: receipt:1"):
        call_command("move_files", "s3", "--delete-source")
    assert stands(three[1], "local")
    assert not stands(three[1], "s3")
    assert [stands(one, "s3") for one in three] == [True, False, True]


def test_what_stands_damaged_in_the_new_place_is_replaced(
    three: list[Document], bucket: Any
) -> None:
    name, told = str(three[0].file.name), {"sha256": three[0].sha256}
    bucket.put_object(Bucket=bucket.bucket, Key=name, Body=b"pager 0", Metadata=told)
    call_command("move_files", "s3", "--delete-source")

    assert contents() == WRITTEN


def test_a_file_that_moves_while_it_is_looked_for_is_found(
    three: list[Document], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not yet in the new place when that was asked, no more in the old one when that was."""
    Document.objects.update(place="s3")
    local = type(place("local"))
    fetch = local.fetch

    def moved_before(self: Any, name: str, **known: int) -> Any:
        monkeypatch.setattr(local, "fetch", fetch)
        call_command("move_files", "s3", "--delete-source")
        return fetch(self, name, **known)

    monkeypatch.setattr(local, "fetch", moved_before)

    assert Document.objects.get(key="receipt:0").read() == b"paper 0"


def test_a_bucket_that_is_away_ends_it_with_what_to_do(
    three: list[Document], settings: Settings
) -> None:
    settings.STORAGES["s3"]["OPTIONS"]["secret_key"] = "wrong"
    use_bucket(settings, type(settings.BUCKET)(**vars_of(settings.BUCKET, secret_key="wrong")))

    with pytest.raises(CommandError, match="Run it again"):
        call_command("move_files", "s3")
    assert [one.read() for one in three] == WRITTEN


def vars_of(bucket: Any, **changes: str) -> dict[str, str]:
    names = ("name", "endpoint", "region", "access_key", "secret_key", "public_url")
    return {name: getattr(bucket, name) for name in names} | changes
