"""A job that somebody asks for, where nothing has happened that others could want to know of.

Not for reactions: what follows from a fact is said by its handlers. Services may use it: a task is
named, not imported.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from deferral.errors import NotCallable
from deferral.events import EVENTS, DomainEvent, event, publish
from deferral.external_services import NOBODY, ExternalService
from deferral.handlers import Work, handles, job
from deferral.models import Event
from deferral.registry import TASKS


@event("deferral.job_asked_for")
class JobAskedFor(DomainEvent):
    """A job is to be written, as if a handler had yielded it."""

    task: str
    key: str
    ordering_key: str | None
    service: str
    kwargs: dict[str, Any]


def enqueue(
    task: str,
    *,
    key: str,
    subject: str,
    ordering_key: str | None = None,
    service: ExternalService = NOBODY,
    **kwargs: Any,
) -> Event:
    """Have the job written, in the open transaction: it and its cause commit, or neither does.

    It keeps its place among the events of its subject, as they keep theirs among each other. A key
    that exists is not done again. Raises NotCallable for a task that nobody has, or that does not
    take these arguments; PayloadTooLarge; PublishedOutsideTransaction.
    """
    spec = TASKS.get(task)
    if spec is None or not spec.accepts(kwargs):
        msg = f"{task} with {sorted(kwargs)}"
        raise NotCallable(msg)
    asked = job(task, key=key, ordering_key=ordering_key, service=service, **kwargs)
    fact = JobAskedFor(
        task=task, key=key, ordering_key=ordering_key, service=asked.service, kwargs=kwargs
    )
    return publish(fact, subject=subject)


def understood() -> Q:
    """Events that this code turns into jobs: no unknown type, newer version or newer task's job."""
    known = Q(pk__in=[])
    for name, event_class in EVENTS.items():
        known |= Q(type=name, schema_version__lte=event_class.schema_version)
    return known & (~Q(type=JobAskedFor.type) | Q(payload__task__in=list(TASKS)))


@handles(JobAskedFor)
def write_what_was_asked_for(fact: JobAskedFor) -> Iterator[Work]:
    """Its service was declared when it was asked for."""
    yield job(
        fact.task,
        key=fact.key,
        ordering_key=fact.ordering_key,
        service=ExternalService(fact.service),
        **fact.kwargs,
    )
