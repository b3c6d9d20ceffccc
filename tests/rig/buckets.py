"""The run's S3 server for any test that asks for it (a pytest plugin), and settings that use it.

Tests that do belong to one process of the run, or there would be a server for each.
"""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from config.storages import BACKENDS, Bucket, bucket_origin
from tests.rig.s3 import BUCKET, KEY, SECRET, S3Server, client, running_s3
from tests.rig.servers import HOME

GROUP = "s3"
Use = Callable[..., str]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Before xdist looks where each is to run."""
    for item in items:
        if "s3_server" in getattr(item, "fixturenames", ()) and not _is_grouped(item):
            item.add_marker(pytest.mark.xdist_group(GROUP))


def _is_grouped(item: pytest.Item) -> bool:
    return item.get_closest_marker("xdist_group") is not None


@pytest.fixture(scope="session")
def s3_server(starts_processes: None) -> Iterator[S3Server]:
    """Started with its first test."""
    with running_s3(HOME / "s3") as server:
        yield server


@pytest.fixture
def bucket(s3_server: S3Server, settings: Settings) -> Any:
    """A client of an empty bucket of this test alone, in which new files are kept."""
    name, asked = f"media-{uuid.uuid4().hex[:12]}", client(s3_server.url)
    asked.create_bucket(Bucket=name)
    use_bucket(settings, bucket_at(s3_server.url, name=name))
    asked.bucket = name
    return asked


def bucket_at(url: str, **changes: str) -> Bucket:
    """The server's, but for what a test changes."""
    facts = {
        "name": BUCKET,
        "endpoint": url,
        "region": "us-east-1",
        "access_key": KEY,
        "secret_key": SECRET,
        "public_url": "",
    }
    return Bucket(**{**facts, **changes})


def use_bucket(settings: Settings, bucket: Bucket, *, place: str = "s3") -> None:
    """Have files there and on the disk; new ones in `place`."""
    known = {
        "local": {"BACKEND": BACKENDS["local"]},
        "s3": {"BACKEND": BACKENDS["s3"], "OPTIONS": bucket.options()},
    }
    settings.STORAGES = {**settings.STORAGES, **known, "default": known[place]}
    settings.MEDIA_PLACE = place
    settings.BUCKET = bucket
    settings.FILES_ORIGIN = bucket_origin(bucket)
