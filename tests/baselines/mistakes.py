"""What is usually done wrong, small enough to be killed at the right moment."""

import os
import signal
from pathlib import Path
from typing import Any

from celery import current_app, shared_task

from deferral.crashpoints import crashpoint
from notifications import services as notifications
from orders.selectors import reference_of
from tests.baselines.plain_job import plain_job

A_DAY = 86_400


@shared_task(name="baselines.flag_first", queue="critical")
def flag_first(order_id: int) -> None:
    """SET NX, and then the work: the flag says *done* before it is."""
    name = reference_of(order_id)
    with plain_job(f"order_confirmation:{name}") as key, current_app.connection() as broker:
        client: Any = broker.default_channel.client  # type: ignore[attr-defined]  # Valkey's
        if client.set(key, 1, nx=True, ex=A_DAY):
            crashpoint("flag_set")
            notifications.send_confirmation(order_id=order_id, key=key)


@shared_task(name="baselines.poison", queue="critical")
def poison(path: str) -> None:
    """Count the run, and kill the process that runs it."""
    with Path(path).open("a") as book:
        book.write("run\n")
    os.kill(os.getpid(), signal.SIGKILL)
