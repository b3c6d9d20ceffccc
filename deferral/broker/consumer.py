"""A worker's way to its broker: it waits for one that refuses, and nothing it reads can end it.

Celery's consumer with three gates (the setting `worker_consumer`):

- whatever a connected broker answers instead of serving is waited out as its absence is, a second
  to five between two tries, and told ever more seldom;
- a message is looked at before Celery looks at it (`envelopes`);
- and so is what is broadcast to all workers, Celery's remote control.
"""

import logging
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

import structlog
from celery.worker.state import maybe_shutdown
from kombu.exceptions import OperationalError

from deferral.broker import envelopes
from deferral.broker.control import Node
from deferral.broker.unreadable import CONTROL, throw_away
from deferral.text.seldom import Seldom

log = structlog.get_logger(__name__)

# Seconds between two tries. A broker that is back is noticed that soon.
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 5.0
# A connection that lived so long was a good one: its loss is a new misfortune.
GOOD = 30.0

# Its stubs know half of it.
celerys: Any = import_module("celery.worker.consumer.consumer")
# Celery says on every try what we say ever more seldom.
logging.getLogger(celerys.__name__).addFilter(
    lambda record: celerys.CONNECTION_RETRY not in (record.args or ())
)


class Consumer(celerys.Consumer):  # type: ignore[misc]
    """Of a worker's main process: it survives what the broker answers."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self._away = Seldom()
        self._connected_at = 0.0
        self._pause = FIRST_PAUSE
        options["app"].control.mailbox.node_cls = Node
        super().__init__(*args, **options)
        # Broker and client have one word for "later": an error. KeyError is kombu's way to survive
        # errors of its own, and would be taken for one of a message's.
        link = self.conninfo
        refusals = (*link.connection_errors, *link.channel_errors, OperationalError)
        self.connection_errors: tuple[type[Exception], ...] = refusals
        self._refusals = tuple(error for error in refusals if error is not KeyError)

    def ensure_connected(self, conn: Any) -> Any:
        """Try until there is a broker, or until the worker is told to stop."""
        conn.ensure_connection(
            lambda error, _: self._tell(error),
            interval_start=FIRST_PAUSE,
            interval_step=1,
            interval_max=LONGEST_PAUSE,
            callback=maybe_shutdown,
        )
        self.first_connection_attempt = False
        self._connected_at = time.monotonic()
        return conn

    def on_ready(self) -> None:
        """The connection is back: say for how long it was away."""
        super().on_ready()
        lasted = self._away.ends()
        if lasted is not None:
            log.info("broker_back", after=lasted)

    def on_connection_error_after_connected(self, exc: Exception) -> None:
        """Drop the connection, and do not ask again at once."""
        self._tell(exc)
        super().on_connection_error_after_connected(exc)
        is_new = time.monotonic() - self._connected_at > GOOD
        self._pause = FIRST_PAUSE if is_new else min(self._pause + 1, LONGEST_PAUSE)
        until = time.monotonic() + self._pause
        while time.monotonic() < until:
            maybe_shutdown()
            time.sleep(0.1)

    def create_task_handler(self, *args: Any, **options: Any) -> Callable[[Any], None]:
        """What is done with each message."""
        handle = super().create_task_handler(*args, **options)

        def careful(message: Any) -> None:
            try:
                envelopes.check(message)
                handle(message)
            except self._refusals:
                raise
            except Exception as error:  # noqa: BLE001 - whatever it holds
                self._throw_away(message, error)

        return careful

    def on_decode_error(self, message: Any, exc: Exception) -> None:
        """Of the broadcast ones: Celery asks here."""
        self._throw_away(message, exc)

    def _throw_away(self, message: Any, error: Exception) -> None:
        queue = message.delivery_info.get("routing_key")
        known = isinstance(queue, str) and queue in self.app.amqp.queues
        throw_away(queue if known else CONTROL, error, message.headers)
        if not message.acknowledged:
            message.ack_log_error(log, self._refusals)

    def _tell(self, error: Exception) -> None:
        if self._away.is_due():
            log.warning("broker_away", error=str(error))
