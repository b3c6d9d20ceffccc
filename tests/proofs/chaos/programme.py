"""Runs the systems, each through the same storm. Needs Django and the servers."""

import time

from django.db import connection

from deferral.ledger.dead_letters import replay_jobs
from deferral.models import Job
from tests.bench import truth
from tests.bench.progress import say
from tests.bench.results import Result
from tests.bench.runs import QUIET
from tests.bench.stage import Stage, ask, prepare_database, staged
from tests.bench.systems import CHORDS, DEFAULTS, TEXTBOOK
from tests.proofs.chaos.options import MORE, VISIBILITY, Options
from tests.proofs.chaos.recovering import cut_off, recoveries
from tests.proofs.chaos.storm import Storm, storm
from tests.proofs.chaos.verdict import Verdict, count
from tests.rig.stand_alone import Servers

OTHERS = {"defaults": DEFAULTS, "acks_late": TEXTBOOK}
SILENT = VISIBILITY + 30.0
PATIENCE = 900.0
# The Standard Webhooks timetable is one of hours, for receivers that are away for days.
FORWARD_WEBHOOKS = """
UPDATE deferral_job SET next_at = now()
WHERE state = 'pending' AND next_at > now() AND task = 'webhooks.deliver_webhook'
"""
FORWARD_EVERY = 3.0
FORWARD = "UPDATE deferral_job SET next_at = now() WHERE state = 'pending' AND next_at > now()"


def run(servers: Servers, options: Options) -> tuple[Result, bool]:
    """The table, and whether Halyard stood. Says what happened when it did not."""
    prepare_database()
    result = Result("chaos", f"The same storm for each, seed {options.seed}")
    began, stands = time.monotonic(), True
    for name in options.systems:
        if name in MORE:
            continue
        found, history = suffer(name, servers, options)
        result.rows.append(found.row)
        if name in OTHERS:
            result.marks.append(found.contrast)
            continue
        result.marks += found.marks
        result.notes += [*found.slowest, *found.victims]
        stands = found.count.stands
        if not stands:
            result.notes += [*history, *found.count.lost, *found.count.doubled]
            result.notes += found.count.uncaused
    result.seconds = time.monotonic() - began
    return result, stands


def suffer(name: str, servers: Servers, options: Options) -> tuple[Verdict, list[str]]:
    """One system: the storm, then silence, then the count."""
    system = OTHERS.get(name, CHORDS)
    say(f"chaos: {system.title}, {options.orders:,} orders, about {options.lasts:.0f} s")
    with staged(servers) as stage:
        found = storm(system, stage, servers, options)
        found.rage()
        say("  the storm is over; waiting until all is quiet")
        replayed = 0
        if name in OTHERS:
            found.until(Silence(stage), patience=PATIENCE)
        else:
            settled = Settled(hurry=options.hurry)
            found.until(settled, patience=PATIENCE)
            replayed = settled.replayed
        return judge(found, system.title, replayed=replayed), found.history


def judge(found: Storm, title: str, *, replayed: int) -> Verdict:
    """Read the external services' journals, and the ledger for the times."""
    ledger, paid = found.stage.journals(), set(found.customers.paid)
    last = max(truth.moments(ledger, paid).values(), default=found.over_at)
    return Verdict(
        title=title,
        orders=len(paid),
        count=count(ledger, paid),
        kills=found.crew.kills,
        wipes=found.wipes,
        restarts=found.restarts,
        in_flight=found.in_flight,
        replayed=replayed,
        recovery=list(recoveries(found.crew.kills)),
        cut_off=cut_off(found.crew.kills),
        drained=max(0.0, last - found.over_at),
    )


class Settled:
    """Halyard: nothing is open. A person replays what is dead, now that the services are well."""

    def __init__(self, *, hurry: bool) -> None:
        self.hurry, self.replayed, self.forwarded = hurry, 0, 0.0

    def __call__(self) -> bool:
        # What waits for a breaker comes back at once: in between it gets the time to close.
        if time.monotonic() > self.forwarded + FORWARD_EVERY:
            self.forwarded = time.monotonic()
            with connection.cursor() as cursor:
                cursor.execute(FORWARD if self.hurry else FORWARD_WEBHOOKS)
        if not ask(QUIET):
            return False
        dead = list(Job.objects.filter(state="dead").values_list("id", flat=True))
        self.replayed += replay_jobs(
            dead, by="chaos", reason="The external services are well again."
        )
        return not dead


class Silence:
    """The others: nobody has been told anything for longer than a message can be on its way."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.seen, self.since = stage, -1, time.monotonic()

    def __call__(self) -> bool:
        time.sleep(2.0)
        books = self.stage.journals().values()
        told = sum(row["accepted"] + row["repeats"] for rows in books for row in rows)
        if told != self.seen:
            self.seen, self.since = told, time.monotonic()
        return time.monotonic() - self.since > SILENT
