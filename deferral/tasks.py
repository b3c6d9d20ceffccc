"""From a hint to a settled job: what a worker does.

A task's function never sees any of this. It says what to do; how often, where and how long stands
in its decorator; what came of it is in the row.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Unpack

import structlog
from celery import Task, shared_task
from celery.exceptions import Ignore
from django.db import Error

from deferral.broker.envelopes import is_job_id
from deferral.crashpoints import crashpoint
from deferral.database import connections
from deferral.database.outage import is_our_outage, passes
from deferral.errors import Bury, FenceLost, Outcome, Snooze
from deferral.ledger import claims, outcomes
from deferral.ledger.claims import Claim
from deferral.ledger.locking import locked
from deferral.registry import TASKS, Policy, TaskSpec, register
from deferral.running import CURRENT, RunningJob, current_job, finishing, stop_if_asked
from deferral.threads import leaving
from deferral.threads.limits import LIMITS, PATIENCE
from deferral.threads.unsettled import UNSETTLED
from deferral.worker.liveness import session_name

__all__ = ["DeferredTask", "current_job", "deferred_task", "finishing"]

log = structlog.get_logger(__name__)

# Between the soft limit, which a task can clean up after, and the hard one, which kills its child.
HARD_MARGIN = 10
# A job whose lease has run out belongs to a host that died without a word: a process that lives
# has ended by then what its limit could not, unless our own database held it up meanwhile.
LEASE_MARGIN = PATIENCE + 30
NEWER_VERSION_WAIT = 10.0


class DeferredTask(Task):  # type: ignore[type-arg]  # any arguments: the row has them
    """Runs what the row says, if it is this worker's to run."""

    def __call__(self, *, job: int) -> None:
        """Claim, run, settle. The message's own word counts for nothing but the job's id."""
        if not is_job_id(job):
            log.warning("hint_not_understood", hint=repr(job)[:100])
            raise Ignore
        crashpoint("received")
        if leaving.is_leaving():
            with _unless_it_passes(job):
                claims.hand_back([job])
            raise Ignore
        with locked(job) as may_claim:
            if not may_claim:  # a thread of this process has it, or somebody else does
                raise Ignore
            _take(job, TASKS[str(self.name)])
        crashpoint("settled")


def _take(job: int, spec: TaskSpec) -> None:
    claim = _claim(job, spec)
    if isinstance(claim, claims.Refusal):
        _refuse(job, claim)
        return
    crashpoint("claimed")
    with (
        structlog.contextvars.bound_contextvars(**claim.context | {"job": claim.key}),
        UNSETTLED.counted(claim, seconds=spec.longest_turn),
    ):
        _run(RunningJob(claim, time_limit=spec.time_limit, lease=_lease(spec)), spec)


def _lease(spec: TaskSpec) -> float:
    return spec.longest_turn + LEASE_MARGIN


def _claim(job: int, spec: TaskSpec) -> claims.Claim | claims.Refusal:
    with _unless_it_passes(job):
        return claims.claim(job, task=spec.name, worker=session_name(), lease=_lease(spec))


@contextmanager
def _unless_it_passes(job: int) -> Iterator[None]:
    """A hint that comes while the database cannot write is lost: a marker finds it, and again."""
    try:
        yield
    except Error as error:
        if not passes(error):
            raise
        log.warning("hint_not_taken", job=job, error=str(error))
        if is_our_outage(error):
            connections.drop_sessions(error)
        raise Ignore from None


def _refuse(job: int, refusal: claims.Refusal) -> None:
    """Nothing to do here: over (a chord still counts its part), somebody else's, or not due."""
    crashpoint("refused")
    if refusal.state == "done":
        return
    log.info("hint_ignored", job=job, state=refusal.state)
    raise Ignore


def _run(job: RunningJob, spec: TaskSpec) -> None:
    token = CURRENT.set(job)
    try:
        _check(job.claim, spec)
        body = partial(spec.function, **job.claim.kwargs)
        LIMITS.run(job.claim, body, seconds=spec.longest_turn)
        crashpoint("body_returned")
        job.finish()
    except FenceLost:
        log.warning("fence_lost", epoch=job.claim.epoch)
        raise Ignore from None
    except Exception as error:  # noqa: BLE001 - whatever it was, it is settled here
        if job.settled:
            raise outcomes.redacted(error, Outcome) from None
        outcomes.settle(job.claim, spec.retry, error)
    finally:
        CURRENT.reset(token)


def _check(claim: Claim, spec: TaskSpec) -> None:
    """What a person asked of it meanwhile comes first. A row from newer code waits for newer code;
    one that fits no signature is dead at once.
    """
    stop_if_asked(claim.asked)
    if claim.schema_version > spec.schema_version:
        raise Snooze("written by newer code", seconds=NEWER_VERSION_WAIT)
    if not spec.accepts(claim.kwargs):
        msg = f"{spec.name} cannot be called with {sorted(claim.kwargs)}"
        raise Bury(msg)


def deferred_task(**policy: Unpack[Policy]) -> Callable[[Callable[..., None]], Task]:  # type: ignore[type-arg]
    """Make a function a task that jobs can name. See `registry.TaskSpec` for the arguments.

    After `time_limit` seconds SoftTimeLimitExceeded is raised inside it. What that does not end is
    ended with its process: a child ten seconds later, a thread worker forty; the job runs again. It
    must be safe to repeat, and it is called with keyword arguments: ids and keys.
    """

    def decorate(function: Callable[..., None]) -> Task:  # type: ignore[type-arg]
        spec = TaskSpec(function=function, **policy)
        register(spec)
        make = shared_task(
            name=policy["name"],
            base=DeferredTask,
            typing=False,
            soft_time_limit=spec.longest_turn,
            time_limit=spec.longest_turn + HARD_MARGIN,
        )
        return make(function)

    return decorate
