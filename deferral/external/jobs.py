"""Which jobs wait for an external service, and how fast they may come back to it."""

from collections.abc import Mapping
from typing import Any

from django.db.backends.utils import CursorWrapper

from deferral.registry import TASKS, stranger_tasks

# What waited comes back over so many seconds, or so that a thousand jobs come in one: nobody who
# has just recovered is run over, and one look can park again what has come due since the last.
SPREAD, A_SECOND = 5.0, 1_000
COUNTED = 200_000

# If a task declares the service, match older rows by task; otherwise by name, which has an index
# (job_stranger).
ITS = "(j.stranger = %(name)s OR (j.stranger = '' AND j.task = ANY(%(tasks)s)))"
ITS_BY_NAME = "(j.stranger = %(name)s AND j.stranger <> '')"

WAITING = """
SELECT count(*) FROM (
    SELECT 1 FROM deferral_job j
    WHERE j.lane = ANY(%(lanes)s) AND j.state = 'pending' AND {its}
    LIMIT %(counted)s
) w
"""


def jobs_of(stranger: str) -> dict[str, Any]:
    """How the statements find its jobs: by its name, and by the tasks of those that name nobody.

    No task declares an endpoint: search the lanes of tasks without a service.
    """
    tasks = stranger_tasks().get(stranger, set())
    specs = [TASKS[name] for name in tasks] or [one for one in TASKS.values() if not one.stranger]
    found = sorted({spec.lane for spec in specs})
    return {"name": stranger, "tasks": list(tasks), "lanes": found}


def execute(cursor: CursorWrapper, statement: str, parameters: Mapping[str, Any]) -> None:
    """Run a statement about the jobs of `jobs_of`. Its `{its}` becomes the condition on `j`."""
    its = ITS if parameters["tasks"] else ITS_BY_NAME
    cursor.execute(statement.format(its=its), parameters)


def spread_of(cursor: CursorWrapper, names: Mapping[str, Any]) -> float:
    """Seconds over which all that waits for the service of `names` may come to it."""
    execute(cursor, WAITING, {**names, "counted": COUNTED})
    [waiting] = cursor.fetchone()
    return float(max(SPREAD, waiting / A_SECOND))
