"""What a person may do with dead rows, in code and at the prompt."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from deferral.errors import NotReplayable
from deferral.ledger import dead_letters
from deferral.models import Intervention, Job
from tests.deferral.bench import now, put, put_event, run
from tests.rig.depth import thorough

# Of a statement whose parameters PostgreSQL binds.
MOST_PARAMETERS = 65_535
MANY = """
INSERT INTO deferral_job (key, subject, task, queue, state, cause, kwargs, context, errors, task_id,
    schema_version, attempts, crashes, losses, snoozes, epoch, is_body, open_parts, worker,
    next_at, created_at)
SELECT 'many:' || n, 'bench:1', 'bench.work', 'critical', 'dead', 'OSError', '{}', '{}', '[]',
    gen_random_uuid(), 1, 3, 0, 0, 0, 1, false, 0, '', now(), now()
FROM generate_series(1, %s) n
"""


def dead(key: str, *classes: str) -> Job:
    """A dead job with these errors, the last of which it died of."""
    errors = [
        {"at": "", "kind": "failed", "class": name, "message": "no", "traceback": ""}
        for name in classes
    ]
    return put(key, state="dead", attempts=3, crashes=2, losses=1, errors=errors, cause=classes[-1])


def command(*words: str) -> str:
    out = StringIO()
    call_command("dead_letters", *words, stdout=out)
    return out.getvalue()


def test_a_replayed_job_has_all_its_attempts_and_the_same_key() -> None:
    job = dead("job", "OSError")

    assert dead_letters.replay_jobs([job.pk], by="eva", reason="fixed") == 1

    job = now(job)
    assert (job.state, job.attempts, job.crashes, job.losses) == ("pending", 0, 0, 0)
    assert run(job).state == "done"
    assert Intervention.objects.get().by == "eva"


def test_only_dead_rows_can_be_replayed_or_discarded() -> None:
    living = [put(state, state=state).pk for state in ("pending", "running", "done", "discarded")]

    assert dead_letters.replay_jobs(living, by="eva") == 0
    assert dead_letters.discard_jobs(living, by="eva", reason="no") == 0


@pytest.mark.parametrize("reason", ["", "  "])
def test_nothing_is_given_up_without_a_reason(reason: str) -> None:
    job = dead("job", "OSError")

    with pytest.raises(NotReplayable):
        dead_letters.discard_jobs([job.pk], by="eva", reason=reason)

    assert now(job).state == "dead"


def test_a_cause_is_what_a_job_died_of_and_not_what_it_survived() -> None:
    other, meant = dead("other", "KeyError", "OSError"), dead("meant", "OSError", "KeyError")

    command("discard", "--cause", "KeyError", "--reason", "test")

    assert (now(meant).state, now(other).state) == ("discarded", "dead")


def test_one_job_is_replayed_by_its_key_alone() -> None:
    one, other = dead("one", "OSError"), dead("other", "OSError")
    event = put_event(state="dead")

    assert command("replay", "--key", "one") == "1 replayed\n"

    assert (now(one).state, now(other).state) == ("pending", "dead")
    event.refresh_from_db()
    assert event.state == "dead"


def test_everything_dead_is_replayed_at_once() -> None:
    dead("one", "OSError")
    put_event(state="dead", errors=[{"message": "no"}])

    assert command("replay", "--all") == "2 replayed\n"


def test_the_list_names_job_and_cause() -> None:
    dead("one", "OSError")

    assert "one" in command("list")
    assert "OSError" in command("list")
    assert "OSError: no" in command("show", "one")


def test_an_unknown_key_is_said_to_be_unknown() -> None:
    with pytest.raises(CommandError, match="no job nothing"):
        command("show", "nothing")


@thorough
@pytest.mark.exhaustive
def test_more_rows_than_a_statement_has_parameters_are_settled_at_once() -> None:
    """Of the rows named most are gone; those that are there are enough for the notes' INSERT."""
    there = MOST_PARAMETERS // 5 + 1
    with connection.cursor() as cursor:
        cursor.execute(MANY, [there])
        cursor.execute("SELECT max(id) FROM deferral_job")
        [last] = cursor.fetchone()
    named = range(last - MOST_PARAMETERS, last + 1)

    assert dead_letters.replay_jobs(named, by="eva") == there
    assert Intervention.objects.count() == there
    assert not Job.objects.filter(state="dead").exists()


def test_a_row_is_among_however_many() -> None:
    rows = [dead(key, "OSError") for key in ("a", "b", "c")]
    ids = [rows[0].pk, rows[2].pk, *range(10**9, 10**9 + MOST_PARAMETERS)]

    found = Job.objects.filter(dead_letters.among(ids)).order_by("id")
    assert [row.key for row in found] == ["a", "c"]
    assert dead_letters.discard_jobs(ids, by="eva", reason="a test") == 2
