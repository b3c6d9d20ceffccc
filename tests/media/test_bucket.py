"""Files in a bucket of a real S3 server."""

import hashlib
import io
from pathlib import Path
from typing import Any

import pytest

from media.errors import FileDamaged
from media.filing import Filed, file_away, file_path_away
from media.places import place
from media.reading import digest
from tests.media.conftest import Write

pytestmark = pytest.mark.django_db


def filed_paper() -> Filed:
    return file_away(b"paper", key="receipt:1", folder="documents", suffix=".pdf")


def content(bucket: Any, name: str) -> bytes:
    return bytes(bucket.get_object(Bucket=bucket.bucket, Key=name)["Body"].read())


def test_a_file_is_written_once(bucket: Any) -> None:
    filed = filed_paper()
    first = bucket.head_object(Bucket=bucket.bucket, Key=filed.name)["LastModified"]
    again = io.BytesIO(b"paper")
    taken = place("s3").put(filed.name, again, size=5, sha256=filed.sha256, anew=False)

    assert filed_paper() == filed
    assert not taken
    assert bucket.head_object(Bucket=bucket.bucket, Key=filed.name)["LastModified"] == first


def test_what_stands_there_and_does_not_fit_is_replaced(bucket: Any) -> None:
    filed = filed_paper()
    bucket.put_object(Bucket=bucket.bucket, Key=filed.name, Body=b"pap")

    filed_paper()

    assert content(bucket, filed.name) == b"paper"


def test_another_content_under_the_same_hash_is_replaced(bucket: Any) -> None:
    filed = filed_paper()
    other = {"sha256": hashlib.sha256(b"pager").hexdigest()}
    bucket.put_object(Bucket=bucket.bucket, Key=filed.name, Body=b"pager", Metadata=other)

    filed_paper()

    assert content(bucket, filed.name) == b"paper"


def test_a_large_file_goes_in_parts_and_comes_back_as_it_was(bucket: Any, tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    path.write_bytes(bytes(range(256)) * 80_000)  # 20 MB: three parts
    filed = file_path_away(path, key="export:1", folder="exports", suffix=".csv")

    found = bucket.head_object(Bucket=bucket.bucket, Key=filed.name)
    assert found["ETag"].endswith('-3"')
    assert found["Metadata"]["sha256"] == filed.sha256
    with place("s3").fetch(filed.name) as stream:
        assert digest(stream) == (filed.size, filed.sha256)


def test_what_was_changed_in_the_bucket_is_not_taken_for_the_receipt(
    bucket: Any, write: Write
) -> None:
    document = write()
    bucket.put_object(Bucket=bucket.bucket, Key=document.file.name, Body=b"pager")

    with pytest.raises(FileDamaged, match="not what was written"):
        document.read()


def test_what_is_lost_is_a_missing_file(bucket: Any, write: Write) -> None:
    document = write()
    bucket.delete_object(Bucket=bucket.bucket, Key=document.file.name)

    with pytest.raises(FileNotFoundError):
        document.read()
    with pytest.raises(FileNotFoundError):
        document.open()


def test_a_forgotten_file_is_gone_and_its_row_says_so(bucket: Any, write: Write) -> None:
    document = write()
    name = str(document.file.name)
    document.forget()
    document.forget()

    assert document.forgotten_at is not None
    assert place("s3").look(name) is None
    with pytest.raises(FileNotFoundError, match=document.key):
        document.read()
