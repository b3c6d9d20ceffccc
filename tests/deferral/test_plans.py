"""What gives hints or settles must not cost more because joins wait: statistics are out of date."""

from typing import Any

import pytest
from django.db import connection

from deferral.ledger import settling
from deferral.models import Job
from deferral.registry import TASKS
from deferral.relay import stamping
from tests.deferral.bench import put, put_join

SETTLING = {"finish": settling.FINISH, "bury": settling.BURY}
SENDING = {"stamp": stamping.STAMP}
STATEMENTS = SETTLING | SENDING


COPY = """
INSERT INTO deferral_job
SELECT copy.* FROM deferral_job model, generate_series(1, %s) AS n, LATERAL jsonb_populate_record(
    model, jsonb_build_object(
        'id', nextval(pg_get_serial_sequence('deferral_job', 'id')),
        'key', model.key || n, 'task_id', gen_random_uuid())) AS copy
WHERE model.id = %s
"""


@pytest.mark.django_db
@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=STATEMENTS)
def test_no_statement_looks_through_all_joins_that_wait(statement: str) -> None:
    much_is_done()
    body = put_join("part")
    for number in range(200):
        put(f"other:{number}", state="waiting", is_body=True, open_parts=1)

    found = plan(statement, Job.objects.get(body=body))

    assert "job_release" not in found, found
    assert "Seq Scan" not in found, found


@pytest.mark.django_db
def test_what_waits_in_a_rush_costs_no_look_through_what_is_done() -> None:
    """Statistics are of the rush: the planner believes that much of a queue is stamped."""
    many(3_000, subject="new:1")
    much_is_done()

    found = plan(stamping.STAMP, Job.objects.filter(state="pending")[0])

    assert "Seq Scan" not in found, found


def much_is_done() -> None:
    """And nothing waits, when the statistics are taken."""
    many(2_000, subject="old:1", state="done")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE deferral_job")


def many(count: int, **columns: str) -> None:
    """Due jobs, written by PostgreSQL, which is quicker at it than Django."""
    model = put(f"{columns}", **columns)
    with connection.cursor() as cursor:
        cursor.execute(COPY, [count, model.pk])


def plan(statement: str, job: Job) -> str:
    """How PostgreSQL would go about it."""
    settling: dict[str, Any] = {"id": job.pk, "epoch": 1, "worker": "1:1", "lock": 0}
    settling |= {"chord_grace": 2.0, "patience": 900, "errors": "[]", "cause": ""}
    stamping: dict[str, Any] = {"queues": ["critical", "bulk"], "chords": True}
    stamping |= {"rooms": [50, 50], "tasks": list(TASKS)}
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement}", settling | stamping)
        return "\n".join(row[0] for row in cursor.fetchall())
