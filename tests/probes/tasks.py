"""Tasks that misbehave. They leave marks in the folder that PROBE_DIR names."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

from celery import signals as signals_of_celery

from deferral.errors import Bury, Snooze
from deferral.policies import RetryPolicy
from deferral.tasks import current_job, deferred_task
from deferral.worker import signs

# A test waits less for a sign of life.
signs.LATE = float(os.environ.get("PROBE_LATE", signs.LATE))
signs.WAITS = int(os.environ.get("PROBE_WAITS", signs.WAITS))


@signals_of_celery.worker_ready.connect
def _go_deaf_when_asked(sender: Any, **_: Any) -> None:
    """When the file `deaf` appears, consume no more: all else of the worker goes on."""
    threading.Thread(target=_listen, args=(sender,), daemon=True).start()


def _listen(consumer: Any) -> None:
    while not (Path(os.environ["PROBE_DIR"]) / "deaf").exists():
        time.sleep(0.1)
    for queue in tuple(consumer.app.amqp.queues.consume_from):
        consumer.call_soon(consumer.cancel_task_queue, queue)


QUICK = RetryPolicy(attempts=3, first=0.1, ceiling=0.2)


def mark(name: str) -> int:
    """Leave one more mark; return how many there are now."""
    path = Path(os.environ["PROBE_DIR"]) / name
    with path.open("a") as file:
        file.write(f"{os.getpid()} {current_job().attempt}\n")
    return len(path.read_text().splitlines())


@deferred_task(name="probes.behave", queue="critical", retry=QUICK, time_limit=5, schedulable=True)
def behave(*, name: str) -> None:
    """Do what is asked, once."""
    mark(name)


@deferred_task(name="probes.poison", queue="critical", retry=QUICK, time_limit=5)
def poison(*, name: str) -> None:
    """Kill its own process, every time."""
    mark(name)
    os.kill(os.getpid(), signal.SIGKILL)


@deferred_task(name="probes.fail", queue="critical", retry=QUICK, time_limit=5)
def fail(*, name: str) -> None:
    """Fail, every time."""
    mark(name)
    raise OSError("no such luck")


@deferred_task(name="probes.refuse", queue="critical", retry=QUICK, time_limit=5)
def refuse(*, name: str) -> None:
    """Say that it can never be done."""
    mark(name)
    raise Bury("never")


@deferred_task(name="probes.wait_turn", queue="critical", retry=QUICK, time_limit=5)
def wait_turn(*, name: str) -> None:
    """Not its turn, four times."""
    if mark(name) <= 4:
        raise Snooze("not yet", seconds=0.1)


@deferred_task(name="probes.hang_in_subprocess", queue="critical", retry=QUICK, time_limit=2)
def hang_in_subprocess(*, name: str) -> None:
    """Start a program that hangs, the first time."""
    if mark(name) == 1:
        subprocess.run(["sleep", "61.7"], check=True)  # noqa: S607


@deferred_task(name="probes.hang_for_good", queue="critical", retry=QUICK, time_limit=1)
def hang_for_good(*, name: str) -> None:
    """Hang and refuse to be interrupted, the first time: only SIGKILL ends it."""
    while mark(name) < 1_000_000 and current_job().claim.epoch == 1:
        with contextlib.suppress(Exception):
            time.sleep(60)


@deferred_task(name="probes.dawdle", queue="critical", retry=QUICK, time_limit=60)
def dawdle(*, name: str) -> None:
    """Take its time, the first time: until it may end, or for as long as it is let."""
    if mark(name) == 1:
        door = Path(os.environ["PROBE_DIR"]) / f"{name}-may-end"
        while not door.exists():
            time.sleep(0.05)
