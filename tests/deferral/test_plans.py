"""What settles a job must not cost more because others wait: statistics are always out of date."""

from typing import Any

import pytest
from django.db import connection

from deferral import ledger
from deferral.models import Job
from tests.deferral.bench import put, put_join


@pytest.mark.django_db
@pytest.mark.parametrize("statement", [ledger.FINISH, ledger.BURY], ids=["finish", "bury"])
def test_settling_a_part_does_not_look_through_all_joins_that_wait(statement: str) -> None:
    much_is_done()
    body = put_join("part")
    for number in range(200):
        put(f"other:{number}", state="waiting", is_body=True, open_parts=1)

    assert "job_release" not in plan(statement, Job.objects.get(body=body))


def much_is_done() -> None:
    """And nothing waits, when the statistics are taken."""
    old = {"subject": "old:1", "task": "bench.work", "lane": "critical", "state": "done"}
    Job.objects.bulk_create(Job(key=f"old:{number}", **old) for number in range(2_000))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE deferral_job")


def plan(statement: str, job: Job) -> str:
    """How PostgreSQL would go about it."""
    fence: dict[str, Any] = {"id": job.pk, "epoch": 1, "worker": "1:1", "lock": 0}
    rest = {"chord_grace": 2.0, "patience": 900, "errors": "[]", "cause": ""}
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement}", fence | rest)
        return "\n".join(row[0] for row in cursor.fetchall())
