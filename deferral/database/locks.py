"""Advisory locks: how the ledger knows that a process lives.

PostgreSQL frees a session's locks the moment its socket closes, so a killed process is noticed
without time-outs. Price: workers cannot sit behind a transaction-mode pgbouncer, and in a child no
code inside a job may close its connection (`database.holding`). Precedents: Que, GoodJob.

One-argument locks of this database are ours: a job's is JOB + id, a worker's WORKER + id, a slot's
(of those who may do something at the same time) SLOT + id; ALONE + the worker's id is held by the
child of it that does what none of its others may do meanwhile.
"""

JOB = 71 << 48
WORKER = 72 << 48
SLOT = 73 << 48
ALONE = 74 << 48

# A set of rows is filtered one by one, so no lock is tried after the first that is free.
TAKE_ONE = "SELECT n FROM unnest(%s::bigint[]) AS n WHERE pg_try_advisory_lock(n) LIMIT 1"
TAKE_ALL = "SELECT n FROM unnest(%s::bigint[]) AS n WHERE pg_try_advisory_lock(n)"
FREE = "SELECT pg_advisory_unlock(%s)"


def job_lock(job_id: int) -> int:
    """The lock a worker holds while it runs this job."""
    return JOB + job_id


def worker_lock(worker_id: int) -> int:
    """The lock a worker's main process holds for as long as it lives."""
    return WORKER + worker_id


def slot_lock(slot_id: int) -> int:
    """The lock a worker holds while it takes up one of a few places."""
    return SLOT + slot_id


def alone_lock(worker_id: int) -> int:
    """The lock a child holds while its worker's other children may not do the same."""
    return ALONE + worker_id
