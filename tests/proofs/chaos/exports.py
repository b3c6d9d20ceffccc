"""`make chaos ARGS=exports`: exports in the storm, each compared with one in peace."""

import time
from collections.abc import Iterator, Sequence

from django.contrib.auth import get_user_model

from deferral.models import Job
from reports.models import Export
from tests.bench.progress import say
from tests.bench.results import Result
from tests.bench.stage import prepare_database, staged
from tests.bench.statistics import at_least, at_most
from tests.bench.systems import CHORDS, System
from tests.proofs.chaos.clerks import Clerks
from tests.proofs.chaos.options import Options
from tests.proofs.chaos.programme import PATIENCE, Settled, judge
from tests.proofs.chaos.storm import storm
from tests.proofs.chaos.verdict import Verdict
from tests.proofs.failures.disturbed_exports import announced, read_back
from tests.reports.exports.exporting import ask, orders, somebody
from tests.reports.exports.exporting import run as run_here
from tests.rig.stand_alone import Servers

# Small parts: a kill meets most of them in the middle.
SYSTEM = System("exports", "Halyard, exporting", env={**CHORDS.env, "EXPORT_PART_ROWS": "200"})
ROWS = 3_000
LOST_PROCESS = [{"kind": "lost"}]


def run(servers: Servers, options: Options) -> tuple[Result, bool]:
    """The table, and whether every export and every order stood."""
    prepare_database()
    result = Result("exports", f"{options.exports} exports in a storm, seed {options.seed}")
    began = time.monotonic()
    say(f"chaos: {SYSTEM.title}, {options.exports} exports and {options.orders:,} orders")
    asked, verdict, history = suffer(servers, options)
    say("  the same exports again, undisturbed")
    doubled, wrong = list(repeated(asked)), list(differing(asked))
    killed = Job.objects.filter(task="reports.write_export", errors__contains=LOST_PROCESS).count()
    result.rows.append({**verdict.row, "exports": len(asked), "killed in mid-export": killed})
    result.marks = [
        at_most("exports lost, or not the file they would have been", len(wrong), 0),
        at_most("exports doubled", len(doubled), 0),
        at_least("exports whose process was killed", killed, 1),
        *verdict.counted,
    ]
    stands = not wrong and not doubled and verdict.count.stands
    found = f"{len(wrong)} lost, {len(doubled)} doubled"
    result.notes = [*verdict.victims, f"{len(asked)} exports compared: {found}", *wrong, *doubled]
    result.notes += [] if stands else history
    result.seconds = time.monotonic() - began
    return result, stands


def suffer(servers: Servers, options: Options) -> tuple[list[int], Verdict, list[str]]:
    """What was asked for in the storm, once all is quiet; and what became of the orders."""
    orders(ROWS)
    clerks = Clerks(options, somebody("orders.view_order"))
    with staged(servers) as stage:
        found = storm(SYSTEM, stage, servers, options)
        clerks.start()
        found.rage()
        clerks.join()
        say("  the storm is over; waiting until all is quiet")
        settled = Settled(hurry=options.hurry)
        found.until(settled, patience=PATIENCE)
        verdict = judge(found, SYSTEM.title, replayed=settled.replayed)
    return clerks.asked, verdict, found.history


def repeated(asked: Sequence[int]) -> Iterator[str]:
    """Those that were announced more than once, or that nobody had asked for."""
    for export in Export.objects.all():
        if announced(export) > 1 or export.pk not in asked:
            yield f"{export.filename}: announced {announced(export)} times"


def differing(asked: Sequence[int]) -> Iterator[str]:
    """Those that have no file, or another than in peace."""
    for export in Export.objects.filter(pk__in=asked):
        if export.ready_at is None or announced(export) != 1:
            yield f"{export.filename}: {Job.objects.get(key=export.key).state}"
        elif read_back(export) != read_back(in_peace(export)):
            yield f"{export.filename} is not what it would have been"


def in_peace(export: Export) -> Export:
    """The same rows of the same moment, written by this process."""
    Export.objects.filter(pk=export.pk).update(fingerprint="")  # or it would be the same export
    clerk = get_user_model().objects.get(email=export.asked_by)
    twin = ask(clerk, export.dataset, export.format, columns=export.columns)
    as_then = {"asked_at": export.asked_at, "last_id": export.last_id, "fingerprint": ""}
    Export.objects.filter(pk=twin.pk).update(**as_then)
    assert run_here(twin).state == "done"
    return twin
