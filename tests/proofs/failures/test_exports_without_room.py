"""An export for which there is no room is a dead letter that says so, and nothing half is there.

Once there is room it is replayed, and goes on from where it was.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models.functions import Now

from deferral.ledger.dead_letters import replay_jobs
from deferral.models import Job
from launcher.servers.process import Process
from reports.exports.writing import HERE
from tests.proofs.failures.disturbed_exports import (
    WORKER,
    Disturbed,
    announced,
    asked_for,
    files_of,
    is_what_it_says,
)
from tests.rig.depth import THOROUGH, thorough
from tests.rig.processes import QUIET
from tests.rig.running_shop import RunningShop
from tests.rig.waiting import eventually

pytestmark = pytest.mark.timeout(240)
THERE = "the disk for files"
# Bytes. 4,000 rows are 300 kB: as one part they do not fit, or the whole of four parts does not.
ROOM = 200_000
ONE_PART, PARTS = {"EXPORT_PART_ROWS": "100000"}, {"EXPORT_PART_ROWS": "1000"}
WITH_ROOM_FOR = (
    "import os, resource, sys;"
    "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2);"
    "os.execv(sys.argv[2], sys.argv[2:])"
)
# A file system in which nobody may make a file, whoever he is.
SHUT = Path("/sys")
LAST_BUT_ONE = 14  # attempt


def limited(shop: RunningShop, **env: str) -> Process:
    """A worker that can write no file larger than ROOM."""
    program = [sys.executable, "-c", WITH_ROOM_FOR, str(ROOM)]
    return shop.start("limited", [*program, *WORKER.command("config", QUIET)], **env)


def dies_of(found: Disturbed, cause: str) -> None:
    """Wait for its last attempt, which an hour brings; it says why, and leaves nothing half."""

    def is_dead() -> bool:
        waiting = Job.objects.filter(key=found.export.key, state="pending", attempts__gte=1)
        waiting.update(attempts=LAST_BUT_ONE, next_at=Now())
        return Job.objects.filter(key=found.export.key, state="dead").exists()

    found.shop.ready()
    eventually(is_dead, patience=60, show=found.shop.logs)
    assert found.job.cause == cause
    assert cause in found.job.errors[-1]["message"]
    assert not found.export.files.filter(part="whole").exists()
    assert all(map(is_what_it_says, files_of(found.export)))
    assert announced(found.export) == 0


def replayed(found: Disturbed, worker: Process) -> None:
    """There is room: another worker takes the place of this one, and it is whole."""
    found.shop.end_one(worker)
    found.shop.celery(WORKER, **PARTS)
    replay_jobs([found.job.pk], by="ada", reason="there is room")
    found.is_whole()


@thorough
@pytest.mark.parametrize("format_", ["csv", "xlsx", "pdf"] if THOROUGH else ["xlsx"])
def test_a_worker_without_room_for_the_whole(shop: RunningShop, format_: str) -> None:
    found = asked_for(shop, format_, rows=4_000)
    shop.relay()
    worker = limited(shop, **PARTS)

    dies_of(found, f"{HERE} is full")
    replayed(found, worker)


@thorough
def test_a_disk_without_room_for_a_part(shop: RunningShop) -> None:
    found = asked_for(shop, "csv", rows=4_000)
    shop.relay()
    worker = limited(shop, **ONE_PART)

    dies_of(found, f"{THERE} is full")
    replayed(found, worker)


@thorough
def test_a_disk_that_may_not_be_written(shop: RunningShop) -> None:
    found = asked_for(shop, "csv", rows=100)
    shop.relay()
    (shop.scratch / "data").mkdir()
    (shop.scratch / "data" / "media").symlink_to(SHUT)
    worker = shop.celery(WORKER, DATA_DIR=str(shop.scratch / "data"))

    dies_of(found, f"{THERE} may not be written or read")
    replayed(found, worker)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Of 64 kB. Only root can make one."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(tmp_path)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:  # noqa: S603 - ours
        pytest.skip("no file system may be mounted here")
    yield tmp_path
    subprocess.run(["umount", "-l", str(tmp_path)], check=True)  # noqa: S603, S607 - ours


@thorough
@pytest.mark.parametrize("format_", ["csv", "xlsx", "pdf"] if THOROUGH else ["csv"])
def test_a_disk_for_unfinished_files_that_is_full(
    shop: RunningShop, small_disk: Path, format_: str
) -> None:
    found = asked_for(shop, format_, rows=4_000)
    shop.relay()
    data = shop.scratch / "data"
    data.mkdir()
    (data / "media").symlink_to(settings.MEDIA_ROOT)
    (data / "unfinished").symlink_to(small_disk)
    worker = shop.celery(WORKER, DATA_DIR=str(data), **PARTS)

    dies_of(found, f"{HERE} is full")
    assert list(small_disk.glob("export-*")) == []
    replayed(found, worker)
