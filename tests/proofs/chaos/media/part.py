"""`make chaos ARGS=media`: uploads in the storm, and each file of them is decoded afterwards."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from django.conf import settings

from media import sweeping
from media.unfinished import sweep_unfinished
from tests.bench.progress import say
from tests.bench.results import Result
from tests.bench.stage import prepare_database, staged
from tests.proofs.chaos.media.bucket import kept_in
from tests.proofs.chaos.media.count import Counting, Found, repeats
from tests.proofs.chaos.media.marks import Statistics, marks
from tests.proofs.chaos.media.storm import MediaStorm, begun
from tests.proofs.chaos.media.uploaders import Uploaders, wanted
from tests.proofs.chaos.options import Options
from tests.rig.encoders import working_on
from tests.rig.failing_storage import FailingStorage, failing_storage
from tests.rig.s3 import client, running_s3
from tests.rig.stand_alone import Servers

# One call of so many fails. Seconds of storm for each upload.
ONE_IN, EACH = 10, 5.0


@dataclass(frozen=True, kw_only=True)
class Suffered:
    """What a storm has left, and what of it is right."""

    storm: MediaStorm
    storage: FailingStorage
    people: Uploaders
    found: Found
    swept: int
    repeats: int


def run(servers: Servers, options: Options) -> tuple[Result, bool]:
    """The table, and whether all of its marks are met."""
    prepare_database()
    began = time.monotonic()
    result = Result("media", f"{options.uploads} uploads in a storm, seed {options.seed}")
    say(f"chaos: {options.uploads} uploads, about {options.uploads * EACH:.0f} s")
    suffered = suffer(servers, options)
    found = suffered.found
    files = wanted(suffered.people.taken)
    result.rows.append(row(suffered, files))
    result.marks = marks(statistics_of(suffered, options.uploads, files))
    result.notes = [f"{found.right} of {files} files are right: all of each was decoded"]
    result.notes += [f"given up, and its sender told: {each}" for each in found.dead]
    result.notes += [*found.lost, *found.doubled, *found.stray]
    result.seconds = time.monotonic() - began
    return result, all(mark.met for mark in result.marks)


def statistics_of(suffered: Suffered, asked: int, files: int) -> Statistics:
    """Its counts."""
    storm = suffered.storm
    return Statistics(
        asked=asked,
        taken=len(suffered.people.taken),
        files=files,
        found=suffered.found,
        failed=suffered.storage.failed.total(),
        orphans=len(storm.orphans),
        ffmpegs=storm.kills["ffmpeg"],
        workers=storm.kills["worker"],
        repeats=suffered.repeats,
    )


def suffer(servers: Servers, options: Options) -> Suffered:
    """The storm, silence, the sweep of the night; then all is read."""
    lasts = options.uploads * EACH
    with (
        running_s3(servers.home / "s3") as s3,
        failing_storage(s3.url, one_in=ONE_IN, seed=options.seed) as storage,
        kept_in(storage.url),
        staged(servers) as stage,
    ):
        people = Uploaders(options.uploads, lasts=lasts, folder=stage.scratch)
        storm = begun(stage, servers.home, storage, hurry=options.hurry)
        storm.rage(people, lasts, options.seed)
        say("  the storm is over; waiting until everybody has been told")
        storm.calm_down(people)
        storm.orphans |= {*working_on(servers.home)}
        swept = swept_up()
        say(f"  {swept} files without a row were swept up; each that is left is decoded")
        counting = Counting(stage=stage, client=client(s3.url), folder=stage.scratch)
        found = counting.count(people.taken)
        found.stray += left_over()
        return Suffered(
            storm=storm,
            storage=storage,
            people=people,
            found=found,
            swept=swept,
            repeats=repeats(stage).total(),
        )


def row(suffered: Suffered, files: int) -> Mapping[str, float | int | str]:
    """One line of the table."""
    storm, storage, found = suffered.storm, suffered.storage, suffered.found
    return {
        "system": "Halyard's uploads",
        "uploads": len(suffered.people.taken),
        "sent again": suffered.people.again,
        **{f"killed {role}" if not n else role: storm.kills[role] for n, role in enumerate(ROLES)},
        "wipes": storm.wipes,
        "calls failed": f"{storage.failed.total()} of {storage.calls}",
        "files": files,
        "right": found.right,
        "named dead": len(found.dead),
        "lost": len(found.lost),
        "doubled": len(found.doubled),
        "swept up": suffered.swept,
    }


ROLES = ("ffmpeg", "child", "worker", "relay")


def swept_up() -> int:
    """The nightly sweep, a day later: what is safe for a day is no longer."""
    with patch.object(sweeping, "KEPT", timedelta(0)):
        gone = sweeping.sweep_files("s3", lambda _: None)
        return gone + sweeping.sweep_remains("s3") + sweep_unfinished()


def left_over() -> Iterator[str]:
    """What killed processes have left where files are written."""
    folder = Path(settings.DATA_DIR) / "unfinished"
    yield from (str(path) for path in folder.glob("*/*") if folder.exists())
    yield from (str(path) for path in Path(settings.DATA_DIR).glob("tmp*") if path.is_file())
