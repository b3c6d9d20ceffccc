"""One circuit breaker for each stranger, shared by all processes.

Every call of a stranger goes through `calling`. It spares a stranger in trouble a thousand calls,
and us a thousand waits; nothing depends on it: when its row cannot be read, work goes through.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from celery.exceptions import SoftTimeLimitExceeded

from deferral.errors import Outcome
from deferral.external import rules
from deferral.external.knowledge import Knowledge
from deferral.external.rules import Heard
from deferral.external_services import ExternalService, declared
from deferral.failure_kinds import Trouble, said
from deferral.models import Breaker
from deferral.text.redaction import storable

_KNOWN = Knowledge()


class Call:
    """One call under way. It counts as answered unless `failed` or `busy` is called."""

    def __init__(self, *, probe: bool) -> None:
        self.is_certain = False
        self.heard = Heard(answers=1, probe=probe)

    def answered(self) -> None:
        """It did, whatever is raised about its answer."""
        self.is_certain = True

    def failed(self, reason: str, trouble: Trouble) -> None:
        """No answer, or one of somebody in trouble (5xx)."""
        self.is_certain = True
        message, probe = storable(reason), self.heard.probe
        self.heard = Heard(failures=1, message=message, trouble=trouble, probe=probe)

    def busy(self, reason: str, *, seconds: float | None) -> None:
        """It asks to be left alone for so long (429 with Retry-After; None: it did not say)."""
        wish = rules.FIRST_PAUSE if seconds is None else seconds
        self.failed(reason, Trouble.BUSY)
        self.heard = replace(self.heard, busy=wish)


@contextmanager
def calling(stranger: ExternalService) -> Iterator[Call]:
    """Around one call of a stranger, outside any transaction. StrangerAway when it is left alone.

    ImproperlyConfigured for one that nobody has declared.

    What is raised inside and is no Outcome says nothing about the stranger, unless `call` does.
    """
    probe = _KNOWN.admit(declared(stranger))
    call = Call(probe=probe)
    try:
        yield call
    except SoftTimeLimitExceeded:
        call.failed(f"{said(stranger, None)} within the task's time limit", Trouble.SILENT)
        raise
    except BaseException as error:
        if not (isinstance(error, Outcome) or call.is_certain):
            call.heard = Heard(probe=probe)
        raise
    finally:
        _KNOWN.hear(stranger, call.heard)


def left_alone() -> dict[str, Breaker]:
    """By name: the strangers whose breaker is not closed. At most a second old."""
    return _KNOWN.left_alone()


def forget() -> None:
    """What this process has read and not yet told: for tests, which work behind its back."""
    _KNOWN.clear()
