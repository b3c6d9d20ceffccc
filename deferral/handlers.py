"""From events to jobs. A handler only says what must happen; the relay writes it down.

Not for doing anything: a handler runs in the relay, inside a transaction, without network.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

from celery import Task

from deferral.errors import EmptyJoin, PayloadTooLarge
from deferral.events import DomainEvent
from deferral.external_services import NOBODY, ExternalService, declared
from deferral.registry import HANDLERS, TASKS, TaskSpec

E = TypeVar("E", bound=DomainEvent)


@dataclass(frozen=True, kw_only=True, slots=True)
class JobSpec:
    """A job to be written. See `job`."""

    key: str
    spec: TaskSpec
    kwargs: dict[str, Any] = field(default_factory=dict)
    ordering_key: str | None = None
    service: ExternalService = NOBODY
    delay: timedelta | None = None
    lifetime: timedelta | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Join:
    """A body that runs once all its parts are settled. See `join`."""

    parts: tuple[JobSpec, ...]
    body: JobSpec


Work = JobSpec | Join


def handles(event_class: type[E]) -> Callable[[Callable[[E], Iterable[Work]]], Any]:
    """Make a function the reaction to an event: it yields `job`s and `join`s.

    It must be safe to run again: when it raises, everything it yielded is rolled back and the
    event is tried later; after eight failures the event is a dead letter.
    """

    def decorate(function: Callable[[E], Iterable[Work]]) -> Callable[[E], Iterable[Work]]:
        HANDLERS.setdefault(event_class.type, []).append(function)
        return function

    return decorate


def job(
    task: Task[..., Any] | str,
    *,
    key: str,
    ordering_key: str | None = None,
    service: ExternalService = NOBODY,
    delay: timedelta | None = None,
    lifetime: timedelta | None = None,
    **kwargs: Any,
) -> JobSpec:
    """One effect that must happen, named by `key` for ever: a key that exists is not done again.

    `task` may be its name. `ordering_key`: jobs of one ordering key run in their events' order.
    `service`: the one it tells, where that is not the same for every job of its task. `delay`: not
    before. `lifetime`: not after, for what may be shed. Everything else is the task's arguments:
    ids, under 16 kB.
    """
    if len(json.dumps(kwargs)) > 16_384:
        raise PayloadTooLarge(key)
    spec = TASKS[task if isinstance(task, str) else str(task.name)]
    whose = declared(service or spec.service)
    when = {"delay": delay, "lifetime": lifetime}
    return JobSpec(
        key=key, spec=spec, kwargs=kwargs, ordering_key=ordering_key, service=whose, **when
    )


def join(parts: Sequence[JobSpec], *, body: JobSpec) -> Join:
    """Run `body` once every part is settled. EmptyJoin when there is nothing to wait for."""
    if not parts:
        raise EmptyJoin(body.key)
    return Join(parts=tuple(parts), body=body)
