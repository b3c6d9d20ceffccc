"""Facts, and the one way to announce them.

An event is a frozen dataclass whose fields are ids. Not for commands ("send that mail"): who
reacts, and how, is decided by handlers.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Self, TypeVar, dataclass_transform

import structlog
from django.db import transaction

from deferral import models
from deferral.errors import PublishedOutsideTransaction


class DomainEvent:
    """Base of every event. Raise `schema_version` when fields change their meaning."""

    type: ClassVar[str]
    schema_version: ClassVar[int] = 1

    @classmethod
    def restore(cls, payload: dict[str, Any]) -> Self:
        """Rebuild from a row's payload. TypeError when the fields do not fit."""
        return cls(**payload)


E = TypeVar("E", bound=DomainEvent)
EVENTS: dict[str, type[DomainEvent]] = {}


@dataclass_transform(frozen_default=True, kw_only_default=True)
def event(name: str, *, schema_version: int = 1) -> Callable[[type[E]], type[E]]:
    """Make a class of ids an event known as `name`, for instance `orders.order_paid`."""

    def register(cls: type[E]) -> type[E]:
        frozen = dataclass(frozen=True, kw_only=True)(cls)
        frozen.type, frozen.schema_version = name, schema_version
        EVENTS[name] = frozen
        return frozen

    return register


def publish(fact: DomainEvent, *, subject: str) -> models.Event:
    """Write the event into the open transaction: both it and its cause commit, or neither does.

    `subject` names what it is about (`order:H-10482`); events of one subject are expanded in
    their order. Raises PublishedOutsideTransaction where nothing would bind the two together.
    """
    if not transaction.get_connection().in_atomic_block:
        raise PublishedOutsideTransaction(fact.type)
    return models.Event.objects.create(
        type=fact.type,
        subject=subject,
        payload=asdict(fact),  # type: ignore[call-overload]  # every event is a dataclass
        context=current_context(),
        schema_version=fact.schema_version,
    )


def current_context() -> dict[str, str]:
    """What is to be carried from the click to the effect: the request's id, and its trace."""
    bound = structlog.contextvars.get_contextvars()
    return {name: str(bound[name]) for name in ("request_id", "traceparent") if name in bound}
