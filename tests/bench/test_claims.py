"""What the benchmark believes of a killed worker's jobs."""

from collections.abc import Iterator

import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from deferral.database.locks import job_lock
from deferral.models import Job, Worker
from tests.bench.parts.waiting.claims import Claims, claims_of, left
from tests.rig.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def elsewhere() -> Iterator[BaseDatabaseWrapper]:
    """The worker's session."""
    database = connections.create_connection("default")
    yield database
    database.close()


def claimed(key: str, worker: Worker) -> Job:
    return Job.objects.create(
        key=key, subject="s", task="t", queue="q", state="running", epoch=3, worker=f"{worker.pk}:9"
    )


@pytest.fixture
def claims(elsewhere: BaseDatabaseWrapper) -> Claims:
    """Two jobs of one worker, the first still locked."""
    one, two = (Worker.objects.create(name=name, pid=9) for name in ("one@here", "one_more@here"))
    first, second, _ = claimed("a", one), claimed("b", one), claimed("c", two)
    with elsewhere.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [job_lock(first.pk)])
    found = claims_of("one")
    assert found == {first.pk: 3, second.pk: 3}
    return found


def test_a_claim_is_left_until_it_is_free_then_given_back_then_taken_up(
    claims: Claims, elsewhere: BaseDatabaseWrapper
) -> None:
    assert left(claims) == {"locked": 1, "claimed": 2, "idle": 2}

    elsewhere.close()  # as the kernel does for a killed process
    eventually(lambda: left(claims) == {"locked": 0, "claimed": 2, "idle": 2})

    Job.objects.filter(key="a").update(state="pending")
    assert left(claims) == {"locked": 0, "claimed": 1, "idle": 2}

    Job.objects.filter(key="a").update(state="running", epoch=4)
    Job.objects.filter(key="b").update(state="done")
    assert left(claims) == {"locked": 0, "claimed": 0, "idle": 0}
