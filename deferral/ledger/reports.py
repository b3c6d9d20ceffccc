"""What a row keeps of the errors it met: the last ten, each short, redacted and with its cause."""

import traceback
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from deferral.errors import LONGEST_CAUSE
from deferral.ledger.causes import cause_of
from deferral.text.redaction import MOST, storable

KEPT_ERRORS = 10
# Letters.
KEPT_MESSAGE, KEPT_TRACEBACK = 500, 4_000


def with_report(errors: Sequence[Any], entry: Mapping[str, Any]) -> list[Any]:
    """A row's errors with one more; the oldest leaves."""
    return [*errors, entry][-KEPT_ERRORS:]


def report(error: BaseException, *, kind: str) -> dict[str, Any]:
    """One entry of a row's errors: when, what kind, class, message, where."""
    lines = storable("".join(traceback.format_exception(error))[-MOST:])
    return {
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "kind": kind,
        **describe(error),
        "traceback": lines[-KEPT_TRACEBACK:],
    }


def describe(error: BaseException) -> Mapping[str, Any]:
    """Class, message, cause and failure kind of an error, short enough for ten of them in a row."""
    found = {
        "class": type(error).__name__,
        "message": storable(str(error))[:KEPT_MESSAGE],
        "cause": storable(cause_of(error))[:LONGEST_CAUSE],
    }
    failure_kind = getattr(error, "failure_kind", None)
    return {**found, "failure_kind": failure_kind} if failure_kind else found
