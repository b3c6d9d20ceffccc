"""A move of files dies, and goes on."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from media import places
from media.places import place
from reports.models import Document
from tests.media.conftest import Write
from tests.rig.buckets import use_bucket
from tests.rig.depth import thorough
from tests.rig.s3 import KEY, SECRET, S3Server
from tests.rig.servers import database_url
from tests.rig.surroundings import ROOT
from tests.rig.waiting import eventually


@thorough
@pytest.mark.timeout(300)
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("starts_processes")
def test_a_move_that_is_killed_goes_on_with_the_rest(
    bucket: Any, settings: Settings, write: Write, s3_server: S3Server, tmp_path: Path
) -> None:
    use_bucket(settings, settings.BUCKET, place="local")
    count = 100
    for number in range(count):
        write(b"paper %d" % number, key=f"receipt:{number}")
    command = [sys.executable, "manage.py", "move_files", "s3", "--delete-source"]
    env = os.environ | {
        "DATABASE_URL": database_url(),
        "DATA_DIR": str(tmp_path),
        "MEDIA_STORAGE": "s3",
        "BUCKET_NAME": bucket.bucket,
        "BUCKET_URL": s3_server.url,
        "BUCKET_KEY_ID": KEY,
        "BUCKET_SECRET": SECRET,
    }
    moved = Document.objects.filter(place="s3")
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL) as killed:  # noqa: S603  ours
        eventually(lambda: moved.count() > 5)
        killed.kill()
    assert 5 < moved.count() < count
    use_bucket(settings, settings.BUCKET)
    assert {one.read() for one in Document.objects.all()} == {
        b"paper %d" % number for number in range(count)
    }

    again = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)  # noqa: S603  ours

    assert f"{count} files are in s3" in again.stdout
    assert moved.count() == count
    assert all(place(places.current()).look(str(one.file.name)) for one in moved)
    assert not any(path.is_file() for path in (tmp_path / "media").rglob("*"))
