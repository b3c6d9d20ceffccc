"""What tasks and handlers exist. Filled by the decorators when the apps are loaded."""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Required, TypedDict

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from deferral.external_services import NOBODY, ExternalService, declared
from deferral.policies import RetryPolicy, Timetable


class Policy(TypedDict, total=False):
    """What a task's decorator states. See `TaskSpec`."""

    name: Required[str]
    queue: Required[str]
    retry: Required[RetryPolicy | Timetable]
    time_limit: Required[int]
    step: str
    link: str
    service: ExternalService
    schema_version: int
    schedulable: bool
    long: bool


# Seconds after which a long job, at its next checkpoint, lets the others of its queue have a turn.
TURN = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskSpec:
    """The policy of one task, as its decorator states it. Times in seconds.

    `step` is what a customer reads on the page while it happens, "" for what is none of their
    business; `service` is the external service that it tells or asks, as `breakers.calling`
    names it, unless its jobs say so one by one;
    `link` is the name of a URL that takes the order's number and the job's key and shows what the
    task made; `schedulable` says that a schedule may name it, which anybody who edits schedules
    can then have run; `long` says that it has steps and checkpoints (`deferral.long_jobs`): its
    `time_limit` is the most between two of them, and a person may pause or cancel it.
    """

    name: str
    queue: str
    retry: RetryPolicy | Timetable
    time_limit: int
    function: Callable[..., Any]
    step: str = ""
    link: str = ""
    service: ExternalService = NOBODY
    schema_version: int = 1
    schedulable: bool = False
    long: bool = False

    @property
    def longest_turn(self) -> int:
        """The most seconds from a claim to its end."""
        return self.time_limit + TURN if self.long else self.time_limit

    def accepts(self, kwargs: dict[str, Any]) -> bool:
        """Whether the task can be called with these arguments."""
        try:
            inspect.signature(self.function).bind(**kwargs)
        except TypeError:
            return False
        return True


Handler = Callable[[Any], Iterable[Any]]

TASKS: dict[str, TaskSpec] = {}
HANDLERS: dict[str, list[Handler]] = {}


def register(spec: TaskSpec) -> None:
    """Make a task known. ImproperlyConfigured for what nobody serves, or nobody has declared."""
    if spec.queue not in queues():
        msg = f"{spec.name}: there is no queue {spec.queue!r}; DEFERRAL_QUEUES has {queues()}"
        raise ImproperlyConfigured(msg)
    declared(spec.service)
    TASKS[spec.name] = spec


def long_tasks() -> tuple[str, ...]:
    """Those that have steps, and may be paused and cancelled."""
    return tuple(name for name, spec in TASKS.items() if spec.long)


def service_tasks() -> dict[str, set[str]]:
    """By external service: the tasks that tell or ask it something."""
    found: dict[str, set[str]] = {}
    for spec in TASKS.values():
        if spec.service:
            found.setdefault(spec.service, set()).add(spec.name)
    return found


def queues() -> tuple[str, ...]:
    """The queues' names; each is one direct queue of the same name."""
    return tuple(settings.DEFERRAL_QUEUES)


def thread_queues() -> tuple[str, ...]:
    """Those whose jobs wait for others, and may run in threads of one process; none unless said."""
    return tuple(getattr(settings, "DEFERRAL_THREAD_QUEUES", ()))


def isolation_queue() -> str:
    """Where a job of theirs that was lost with others too often runs alone; none unless said."""
    return str(getattr(settings, "DEFERRAL_ISOLATION_QUEUE", ""))


def has_isolation_queue() -> bool:
    """Whether that is a queue which children serve. No thread worker starts without."""
    return isolation_queue() in set(queues()) - set(thread_queues())
