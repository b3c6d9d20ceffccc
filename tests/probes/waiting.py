"""Tasks that wait, in queues that threads serve. They leave marks, as the other probes do."""

import contextlib
import os
import signal
import time
import urllib.request
from pathlib import Path

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction

from deferral.errors import Bury
from deferral.external.breakers import calling
from deferral.external.long_calls import before_long_call
from deferral.external_services import ExternalService, external_service
from deferral.models import Job
from deferral.tasks import deferred_task
from deferral.threads import limits
from notifications.gateway import MAIL_SERVER
from tests.probes.tasks import QUICK, mark

# A test waits less until a job is stuck.
limits.PATIENCE = float(os.environ.get("PROBE_PATIENCE", limits.PATIENCE))

HANGING, WELL = external_service("probe that hangs"), external_service("probe that is well")


def wait_for_door(name: str) -> None:
    """Until the test opens it, and without a database connection, as one waits for a service."""
    before_long_call()
    door = Path(os.environ["PROBE_DIR"]) / f"{name}-may-end"
    while not door.exists():
        time.sleep(0.05)


@deferred_task(name="probes.note", queue="partners", retry=QUICK, time_limit=30)
def note(*, name: str) -> None:
    """Leave a mark, and be done."""
    mark(name)


@deferred_task(name="probes.linger", queue="partners", retry=QUICK, time_limit=90)
def linger(*, name: str) -> None:
    """Each time: until it may end. All of one test wait at the same door."""
    mark(name)
    wait_for_door("all")


@deferred_task(name="probes.fall_over", queue="partners", retry=QUICK, time_limit=30)
def fall_over(*, name: str) -> None:
    """Read, and fail, every time."""
    Job.objects.exists()
    raise OSError(name)


@deferred_task(name="probes.give_up", queue="partners", retry=QUICK, time_limit=30)
def give_up(*, name: str) -> None:
    """Fail in a transaction, for good."""
    with transaction.atomic():
        Job.objects.exists()
        raise Bury(name)


@deferred_task(
    name="probes.write_to", queue="mail", retry=QUICK, time_limit=90, service=MAIL_SERVER
)
def write_to(*, name: str) -> None:
    """Read, call and read again, as a mail is sent."""
    Job.objects.exists()
    _ask(MAIL_SERVER, name)
    Job.objects.exists()


@deferred_task(
    name="probes.note_in_mail", queue="mail", retry=QUICK, time_limit=30, service=MAIL_SERVER
)
def note_in_mail(*, name: str) -> None:
    """Read, leave a mark, and be done."""
    Job.objects.exists()
    mark(name)


@deferred_task(
    name="probes.ask_who_hangs", queue="partners", retry=QUICK, time_limit=90, service=HANGING
)
def ask_who_hangs(*, name: str) -> None:
    """A call that takes until the test lets it go."""
    _ask(HANGING, name)


@deferred_task(
    name="probes.ask_who_is_well", queue="partners", retry=QUICK, time_limit=30, service=WELL
)
def ask_who_is_well(*, name: str) -> None:
    """A call that is answered at once."""
    with calling(WELL):
        mark(name)


@deferred_task(name="probes.kill_all", queue="partners", retry=QUICK, time_limit=30)
def kill_all(*, name: str) -> None:
    """Kill its own process with whatever else it runs, every time; first in a thread's company."""
    mark(name)
    os.kill(os.getpid(), signal.SIGKILL)


@deferred_task(name="probes.exit_all", queue="partners", retry=QUICK, time_limit=30)
def exit_all(*, name: str) -> None:
    """End its own process without a word, every time."""
    mark(name)
    os._exit(0)


@deferred_task(name="probes.sit_in_c", queue="partners", retry=QUICK, time_limit=1)
def sit_in_c(*, name: str) -> None:
    """One call that no exception interrupts, every time, with a connection in its hands."""
    Job.objects.exists()
    mark(name)
    time.sleep(600)


@deferred_task(name="probes.turn_deaf", queue="partners", retry=QUICK, time_limit=1)
def turn_deaf(*, name: str) -> None:
    """Swallow the word that it is time, and go on for ever."""
    mark(name)
    with contextlib.suppress(SoftTimeLimitExceeded):
        wait_for_door("never")
    wait_for_door("never")


@deferred_task(name="probes.read_slowly", queue="partners", retry=QUICK, time_limit=2)
def read_slowly(*, name: str) -> None:
    """An answer of which a byte comes now and then; each read is answered in time."""
    mark(name)
    url = (Path(os.environ["PROBE_DIR"]) / "address").read_text()
    with urllib.request.urlopen(url, timeout=15) as answer:  # noqa: S310 - the test's own
        answer.read()


def _ask(service: ExternalService, name: str) -> None:
    with calling(service):
        mark(name)
        wait_for_door("all")
