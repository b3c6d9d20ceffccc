"""One circuit breaker for each external service, shared by all processes.

Every call of an external service goes through `calling`. It spares an external service in trouble a
thousand calls, and us a thousand waits; nothing depends on it: when its row cannot be read, work
goes through.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from celery.exceptions import SoftTimeLimitExceeded

from deferral.errors import Outcome
from deferral.external import rules
from deferral.external.knowledge import Knowledge
from deferral.external.long_calls import before_long_call
from deferral.external.pacing import one_of_few
from deferral.external.rules import Observation
from deferral.external_services import ExternalService, declared
from deferral.failure_kinds import FailureKind, said
from deferral.models import Breaker
from deferral.text.redaction import storable

_KNOWN = Knowledge()


class Call:
    """One call under way. It counts as answered unless `failed` or `busy` is called."""

    def __init__(self, *, probe: bool) -> None:
        self.is_certain = False
        self.observed = Observation(answers=1, probe=probe)

    def answered(self) -> None:
        """It did, whatever is raised about its answer."""
        self.is_certain = True

    def failed(self, reason: str, failure_kind: FailureKind) -> None:
        """No answer, or one of somebody in trouble (5xx)."""
        self.is_certain = True
        message, probe = storable(reason), self.observed.probe
        self.observed = Observation(
            failures=1, message=message, failure_kind=failure_kind, probe=probe
        )

    def busy(self, reason: str, *, seconds: float | None) -> None:
        """It asks us to wait for so long (429 with Retry-After; None: it did not say)."""
        retry_after = rules.FIRST_PAUSE if seconds is None else seconds
        self.failed(reason, FailureKind.BUSY)
        self.observed = replace(self.observed, busy=retry_after)


@contextmanager
def calling(service: ExternalService) -> Iterator[Call]:
    """Around one call of a service, outside any transaction. ServiceAway while its breaker is open.

    No database connection waits meanwhile, where it holds no job's lock. Snooze where so many calls
    of this service are under way in this process that others would have no thread left.
    ImproperlyConfigured for one that nobody has declared.

    What is raised inside and is no Outcome says nothing about the external service, unless `call`
    does.
    """
    with one_of_few(declared(service)):
        probe = _KNOWN.admit(service)
        before_long_call()
        yield from _observed(service, Call(probe=probe))


def _observed(service: ExternalService, call: Call) -> Iterator[Call]:
    probe = call.observed.probe
    try:
        yield call
    except SoftTimeLimitExceeded:
        call.failed(f"{said(service, None)} within the task's time limit", FailureKind.SILENT)
        raise
    except BaseException as error:
        if not (isinstance(error, Outcome) or call.is_certain):
            call.observed = Observation(probe=probe)
        raise
    finally:
        _KNOWN.observe(service, call.observed)


def open_breakers() -> dict[str, Breaker]:
    """By name: the external services whose breaker is not closed. At most a second old."""
    return _KNOWN.open_breakers()


def forget() -> None:
    """What this process has read and not yet told: for tests, which work behind its back."""
    _KNOWN.clear()
