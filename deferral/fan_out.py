"""Work that many can do at once, of which a running job says what there is.

    for chunk in chunks:
        with transaction.atomic():
            ...
            add_parts([job(write_one, key=…, id=…) for … in chunk], pace=Pace(gap=0.02, first=done))
            step.checkpoint(…, done=done)

A handler writes its jobs in one transaction, in the relay. This is for thousands: chunk by chunk,
each with the checkpoint behind it, so that a job which is killed goes on where it was. A join of
the job that adds them has its body wait for all of them. Not for a handful: that is `join`.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction

from deferral.crashpoints import crashpoint
from deferral.errors import FenceLost
from deferral.handlers import JobSpec
from deferral.ledger import parts
from deferral.ledger.dead_letters import AT_ONCE, Pace
from deferral.running import current_job


def add_parts(specs: Sequence[JobSpec], *, pace: Pace = AT_ONCE) -> int:
    """Have these jobs written, with the current job's subject; return how many are new.

    A key that exists is not written again, and not waited for. If the current job is a part of a
    join, the body waits for them, too. By `pace` they come due one after the other, so that what
    others ask for meanwhile is not behind all of them. They commit with the open transaction.
    FenceLost, NoCurrentJob.
    """
    job = current_job()
    rows = [_row(spec, pace, place) for place, spec in enumerate(specs)]
    with transaction.atomic():
        count = parts.add(job.claim, rows)
        if count is None:
            raise FenceLost(job.key)
        crashpoint("parts_written")
    return count


def _row(spec: JobSpec, pace: Pace, place: int) -> Mapping[str, Any]:
    return {
        "key": spec.key,
        "task": spec.spec.name,
        "kwargs": spec.kwargs,
        "queue": spec.spec.queue,
        "service": spec.service,
        "schema_version": spec.spec.schema_version,
        "ordering_key": spec.ordering_key,
        "lifetime": spec.lifetime.total_seconds() if spec.lifetime else None,
        "delay": (spec.delay or timedelta()).total_seconds() + (pace.first + place) * pace.gap,
    }
