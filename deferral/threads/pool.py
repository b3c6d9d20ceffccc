"""What kind of worker this process is, and that it can keep what its tasks' limits promise.

Children (`prefork`) are for what computes, starts programs or may crash in C: one of them can be
killed. Threads (`-P threads`) are for what waits: one of them cannot. Celery's other pools end no
job at its limit, and none of ours may run for ever: they are refused.
"""

import sys
from collections.abc import Collection
from typing import Any

from celery import concurrency, signals
from celery.concurrency.prefork import TaskPool as Prefork
from celery.concurrency.thread import TaskPool as Threads

from deferral.database import holding
from deferral.database.connections import leave_the_pool
from deferral.registry import TASKS, has_isolation_queue, thread_queues
from deferral.threads import leaving, recycling, stuck
from deferral.threads.limits import LIMITS
from deferral.worker.liveness import LIVENESS

# Of its threads, those that one external service may take where a process serves several.
SHARE = 3
NOTHING_RUNS_ALONE = (
    "DEFERRAL_ISOLATION_QUEUE must be one of DEFERRAL_QUEUES, and none of DEFERRAL_THREAD_QUEUES: a"
    " job that may have killed its process runs there, alone."
)

_most: list[int] = []


def most_of_one_service() -> int | None:
    """So many calls of one external service may be under way in this process; None for any."""
    return _most[0] if _most else None


@signals.worker_init.connect
def _become(sender: Any, **_: Any) -> None:
    """Celery would log an error in here, and begin without limits."""
    try:
        become(sender)
    except Exception as error:  # noqa: BLE001 - whatever it is
        sys.exit(f"This worker does not start: {error!r}")


def become(sender: Any) -> None:
    """What the worker's pool and queues make it. SystemExit for those that must not be."""
    pool = concurrency.get_implementation(sender.pool_cls)
    queues = [str(name) for name in sender.app.amqp.queues.consume_from]
    if why := refusal(pool, queues):
        sys.exit(f"This worker does not start: {why}")
    if issubclass(pool, Threads):
        run_in_threads(int(sender.concurrency), queues)


def refusal(pool: type, queues: Collection[str]) -> str:
    """Why a worker of this pool must not serve these queues; empty when it may."""
    if issubclass(pool, Prefork):
        return ""
    if not issubclass(pool, Threads):
        return (
            f"its pool ({pool.__module__.rpartition('.')[2]}) ends no job at its time limit."
            " Start it with -P prefork, or with -P threads for what only waits."
        )
    if computing := [queue for queue in queues if queue not in thread_queues()]:
        return (
            f"{', '.join(computing)} must be served by -P prefork. A thread cannot be killed, so"
            f" threads are for what only waits: {', '.join(thread_queues()) or 'none'}"
            " (DEFERRAL_THREAD_QUEUES)."
        )
    return "" if has_isolation_queue() else NOTHING_RUNS_ALONE


def run_in_threads(threads: int, queues: Collection[str]) -> None:
    """From here on this process is a thread worker."""
    leave_the_pool()  # Django has asked in this thread for its types, and Celery may ask for more
    holding.share(LIVENESS.session)
    LIMITS.start(stuck.end_process)
    LIVENESS.each_second.append(recycling.recycle)
    leaving.leave_in_time()
    services = {spec.service for spec in TASKS.values() if spec.queue in queues}
    if len(services) > 1:
        _most[:] = [max(threads // SHARE, 1)]
