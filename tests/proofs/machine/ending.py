"""How every example ends: all services are well, nobody is stopped, and time goes by until quiet.

Quiet is that nothing is open but what waits, by rule, for a person to see to a dead letter.
"""

from decimal import Decimal

import pytest
from django.db import connection

from deferral.ledger import dead_letters, selectors
from deferral.models import Event, Job
from tests.proofs.machine.world import World

# A job whose turn comes after a dead one of its ordering key, or a mail that waits for a dead
# document, waits for a person.
OPEN = """
SELECT j.key, j.state, extract(epoch FROM
    CASE j.state WHEN 'waiting' THEN j.release_at ELSE j.next_at END - now())
FROM deferral_job j
WHERE j.state IN ('waiting', 'pending', 'running')
  AND NOT EXISTS (SELECT FROM deferral_job e
                  WHERE e.ordering_key = j.ordering_key AND e.id < j.id AND e.state = 'dead')
  AND NOT EXISTS (SELECT FROM deferral_job d
                  WHERE d.key = j.kwargs->>'document' AND d.state = 'dead')
UNION ALL
SELECT type, state, extract(epoch FROM next_at - now()) FROM deferral_event WHERE state = 'pending'
UNION ALL
SELECT 'payment', state, extract(epoch FROM created_at - now() +
    CASE state WHEN 'held' THEN interval '901 s' ELSE interval '61 s' END)
FROM orders_paymentattempt WHERE state IN ('requested', 'held')
"""
HELD = """
SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid::bigint >> 16 = 71
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
ROUNDS, LONGEST_LEAP = 200, 512

Row = tuple[str, str, Decimal | None]


def end(world: World) -> None:
    """Heal, and run until quiet; then a person sees to what is dead, and it is quiet again."""
    heal(world)
    run_until_quiet(world)
    check_dead_letters()
    world.staff.decide_anew()
    dead = list(Job.objects.filter(state="dead").values_list("pk", flat=True))
    dead_letters.replay_jobs(dead, by="eva")
    run_until_quiet(world)
    assert not any(kind.objects.filter(state="dead").exists() for kind in (Job, Event)), (
        "dead although everybody is well"
    )


def heal(world: World) -> None:
    """Nothing goes wrong from here on. Whoever stands somewhere goes on."""
    world.books.heal()
    world.broker.takes = None
    for process in world.crew.stopped:
        world.crew.go_on(process)


def run_until_quiet(world: World) -> None:
    """Relay and workers, and when they have nothing to do, the clock: further the longer it lasts.

    (After a clock was set back, what is measured from before takes as long as it was set back.)
    """
    leap = 1
    for _ in range(ROUNDS):
        tick_twice(world)
        busy = bool(world.broker.waiting)
        while world.broker.waiting:
            world.deliver(0)
        rows = still_open()
        if not rows:
            return
        leap = 1 if busy else min(leap * 2, LONGEST_LEAP)
        let_time_pass(world, rows, leap=leap)
    pytest.fail(f"never quiet: {still_open()}")


def tick_twice(world: World) -> None:
    """A hint that was just given is not given again."""
    given = []
    for relay in (0, 1):
        before = len(world.broker.seen)
        world.tick(relay)
        given.append({message.job for message in world.broker.seen[before:]} - {0})
    assert not given[0] & given[1], f"sent twice: {given}"


def let_time_pass(world: World, rows: list[Row], *, leap: int) -> None:
    """Until the next is due, or so far. Beat has attempts to pay looked at that nobody settled."""
    soonest = min((due for _, _, due in rows if due is not None), default=0)
    world.move_clock(max(leap, int(soonest) + 1))
    if any(key == "payment" for key, _, _ in rows):
        world.beat()


def still_open() -> list[Row]:
    """Key, state, and seconds until it is due; None for a body that waits for its parts."""
    with connection.cursor() as cursor:
        cursor.execute(OPEN)
        found: list[Row] = cursor.fetchall()
        return found


def check_dead_letters() -> None:
    """Every dead row is one that a person sees, with its cause."""
    dead = Job.objects.filter(state="dead")
    by_cause = selectors.dead_jobs_by_cause()
    assert sum(row["count"] for row in by_cause) == dead.count()
    assert not dead.filter(cause="").exists(), "dead of no cause"
    with connection.cursor() as cursor:
        cursor.execute(HELD)
        assert cursor.fetchone() == (0,), "a lock outlived its attempt"
