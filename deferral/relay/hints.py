"""What a message says of a job, and how it says it."""

import uuid
from typing import Any, NamedTuple

from celery import current_app
from celery.canvas import Signature


class Addressed(NamedTuple):
    """A job as its message names it. The fields are columns of its row, in this order."""

    id: int
    key: str
    task: str
    queue: str
    task_id: uuid.UUID

    @classmethod
    def columns(cls, row: str) -> str:
        """SQL: what a statement must return of `row`, a row's alias, for one of these."""
        return ", ".join(f"{row}.{name}" for name in cls._fields)

    def signature(self, **options: Any) -> Signature[Any]:
        """The message: a job's id. `immutable`, for a part's result is none of the body's."""
        return current_app.signature(
            self.task,
            kwargs={"job": self.id},
            immutable=True,
            options={
                "task_id": str(self.task_id),
                "queue": self.queue,
                "kwargsrepr": repr({"job": self.id, "key": self.key}),
                "retry": False,
                **options,
            },
        )

    @property
    def group_id(self) -> str:
        """The group of the chord whose body this is: the same each time, without a column."""
        return str(uuid.uuid5(self.task_id, "parts"))


class Hint(NamedTuple):
    """That a job is due; for a part of a join that has gone out, also its body."""

    job: Addressed
    body: Addressed | None = None
    is_first: bool = False  # whether its join goes out with it, for the first time

    def signature(self, **options: Any) -> Signature[Any]:
        """The message of its job; see `Addressed.signature` for the options."""
        return self.job.signature(**options)
