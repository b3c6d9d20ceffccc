"""What a message must look like before a worker does anything with it.

Celery trusts a message's headers: an odd one ends the worker in twenty places, of which it catches
two. Looked at here, before, whatever the broker is. A message for the ledger's own tasks may say
nothing but which job is meant: everything else is in the job's row.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from celery import current_app
from celery.app.task import Context

from deferral.broker.unreadable import Unreadable
from deferral.registry import TASKS

# Tasks that Celery brings along run whatever their arguments name. Nobody here sends one.
CELERYS = "celery."
# What a RabbitMQ writes on the way.
BROKERS = "x-"
LONGEST_TEXT = 10_000
LONGEST_NAME = 255  # a column of the results
# More jobs than locks.JOB leaves room for: whatever says so was not written by us.
MOST_JOBS = 2**47
MOST = 2**31


def check(message: Any) -> None:
    """Raise Unreadable, or whatever reading it raises, unless a worker may take it.

    A hint's time limits are its task's, whatever the message says of them.
    """
    name = message.headers.get("task")
    if not _is_name(name) or name.startswith(CELERYS) or name not in current_app.tasks:
        raise Unreadable("no task of ours")
    _check_headers(message.headers)
    args, kwargs, embedded = message.decode()
    if not (isinstance(args, list) and isinstance(kwargs, dict) and isinstance(embedded, dict)):
        raise Unreadable("its arguments")
    if name in TASKS:
        _check_hint(message.headers, args, kwargs, embedded)
    else:
        current_app.tasks[name].__header__(*args, **kwargs)  # type: ignore[attr-defined]


def _check_headers(headers: Mapping[str, Any]) -> None:
    for header, value in headers.items():
        if header.startswith(BROKERS):
            continue
        if header in RESERVED or not HEADERS.get(header, _is_addition)(value):
            raise Unreadable("its header " + header[:60])
    if not _is_name(headers.get("id")) or not headers["id"].isprintable():
        raise Unreadable("its id")


def _check_hint(
    headers: dict[str, Any], args: list[Any], kwargs: Any, embedded: Mapping[str, Any]
) -> None:
    if args or not is_hint(kwargs):
        raise Unreadable("it names no job")
    if headers.get("eta") or headers.get("expires"):
        raise Unreadable("it has a time of its own")
    if any(embedded.get(name) for name in ("callbacks", "errbacks", "chain")):
        raise Unreadable("it brings other work")
    body = embedded.get("chord")
    if body is not None and not is_hint(body["kwargs"]):
        raise Unreadable("its chord's body names no job")
    headers["timelimit"] = None


def is_hint(kwargs: Any) -> bool:
    """Whether these are the arguments of a hint: a job's id and nothing else."""
    return isinstance(kwargs, dict) and set(kwargs) == {"job"} and is_job_id(kwargs["job"])


def is_job_id(found: Any) -> bool:
    """Whether it may be the id of a job."""
    return type(found) is int and 0 < found < MOST_JOBS


def _is_text(value: Any) -> bool:
    """Text that a log and a database take: no NUL, no half of a surrogate."""
    if not isinstance(value, str) or len(value) > LONGEST_TEXT or "\0" in value:
        return False
    return value.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in value)


def _is_name(value: Any) -> bool:
    return _is_text(value) and 0 < len(value) <= LONGEST_NAME


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value < MOST


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_limits(value: Any) -> bool:
    """[hard, soft], in seconds."""
    return (
        isinstance(value, list | tuple)
        and len(value) == 2
        and all(
            each is None or (isinstance(each, int | float) and 0 < each < MOST) for each in value
        )
    )


def _is_moment(value: Any) -> bool:
    return isinstance(datetime.fromisoformat(value), datetime)


def _is_names(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(map(_is_name, value))


def _is_addition(value: Any) -> bool:
    """What others add to messages, for instance a trace."""
    return value is None or isinstance(value, bool | int | float) or _is_text(value)


def _or_none(test: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or test(value)


_TEXTS = ("lang", "shadow", "meth", "origin", "argsrepr", "kwargsrepr")
_NAMES = ("task", "id", "root_id", "parent_id", "group")
_COUNTS = ("retries", "group_index", "replaced_task_nesting")

HEADERS: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(_TEXTS, _or_none(_is_text)),
    **dict.fromkeys(_NAMES, _or_none(_is_name)),
    **dict.fromkeys(_COUNTS, _or_none(_is_count)),
    **dict.fromkeys(("eta", "expires"), _or_none(_is_moment)),
    "ignore_result": _or_none(_is_flag),
    "timelimit": _or_none(_is_limits),
    "stamped_headers": _or_none(_is_names),
    "stamps": lambda value: value in ({}, None),
}
# Celery writes headers over the attributes and methods of a task's request.
RESERVED = frozenset(dir(Context)) - frozenset(HEADERS)
