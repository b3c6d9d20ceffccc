"""A broker in a list: it keeps what Celery would have published, and can lose or repeat it.

In the place of `Celery.send_task` alone. Signatures, chords and their group ids are made by Celery,
and a message is run by Celery's own tracer, which stores results and counts the parts of chords.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from celery.app.trace import build_tracer
from celery.result import AsyncResult
from kombu.exceptions import OperationalError
from kombu.utils.json import dumps, loads

from config.celery import app
from deferral.database.outage import is_our_outage

MARKER = "deferral.marker"


@dataclass(frozen=True)
class Message:
    """What a worker receives."""

    task: str
    kwargs: dict[str, Any]
    request: dict[str, Any]

    @property
    def job(self) -> int:
        """The job it is about; 0 for a marker."""
        return int(self.kwargs.get("job", 0))

    @property
    def queue(self) -> str:
        """Where it waits."""
        return str(self.request["delivery_info"]["routing_key"])

    def handle(self) -> None:
        """What a worker does with it. A result that cannot be stored is Celery's loss, not ours."""
        try:
            tracer(self.task)(self.request["id"], (), self.kwargs, dict(self.request))
        except RuntimeWarning as error:  # "Exception raised outside body"
            if error.__context__ is None or not is_our_outage(error.__context__):
                raise

    def moved(self, seconds: int) -> "Message":
        """The same with its time moved, when it has one."""
        if self.task != MARKER:
            return self
        sent = datetime.fromisoformat(self.kwargs["sent"]) - timedelta(seconds=seconds)
        return replace(self, kwargs=self.kwargs | {"sent": sent.isoformat()})


class Broker:
    """`waiting` is what nobody has taken yet; `seen` every message there ever was."""

    def __init__(self) -> None:
        self.waiting: list[Message] = []
        self.seen: list[Message] = []
        self.takes: int | None = None  # so many more messages, and then it is away

    def send_task(
        self, name: str, args: Any = None, kwargs: Any = None, **options: Any
    ) -> AsyncResult[Any]:
        """Keep the message, as JSON would have it. OperationalError when away."""
        if self.takes == 0:
            raise OperationalError("the broker is away")
        self.takes = self.takes and self.takes - 1
        message = Message(name, kwargs, request_of(options))
        self.waiting.append(message)
        self.seen.append(message)
        return AsyncResult(str(options.get("task_id")))

    def wipe(self) -> None:
        """Everything in it is gone."""
        self.waiting.clear()

    def move(self, seconds: int) -> None:
        """The clock was moved."""
        self.waiting = [message.moved(seconds) for message in self.waiting]
        self.seen = [message.moved(seconds) for message in self.seen]


def request_of(options: dict[str, Any]) -> dict[str, Any]:
    """What Celery's tracer asks of a message's headers."""
    return {
        "id": str(options.get("task_id") or UUID(int=0)),
        "group": options.get("group_id"),
        "chord": loads(dumps(options.get("chord"))),
        "ignore_result": options.get("ignore_result", True),
        "delivery_info": {"routing_key": options["queue"]},
        "hostname": "worker",
        "is_eager": False,
    }


@cache
def tracer(task: str) -> Any:
    """Celery's way of running it."""
    return build_tracer(task, app.tasks[task], app=app)
