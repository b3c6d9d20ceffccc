"""What all workers are told at once, Celery's remote control: Flower asks by it how they are.

Whoever can write to the broker can tell something, so that questions are answered and nothing is
done: `revoke` would keep a job from ever running, `cancel_consumer` make a worker deaf, `shutdown`
end it. Whoever looks after processes has signals for that. What is no question costs a line.
"""

from typing import Any

import structlog
from kombu.pidbox import Node as CelerysNode

from deferral.broker.unreadable import CONTROL, Unreadable, throw_away

log = structlog.get_logger(__name__)

ANSWER_ONCE = {"max_retries": 0}
# What Flower and `celery inspect` ask. Without events Flower sees nothing: it turns them on.
QUESTIONS = frozenset(
    {
        *("active", "active_queues", "clock", "conf", "ping", "query_task", "registered"),
        *("report", "reserved", "revoked", "scheduled", "stats", "enable_events"),
    }
)
# Counts what happened: workers take over the highest they hear of.
HIGHEST_CLOCK = 2**53


class Node(CelerysNode):
    """A worker's ear for what all are told."""

    def handle_message(self, body: Any, message: Any = None) -> Any:
        """Answer it, if it is a question; an error in that is told in one line."""
        try:
            self._check(body, message)
            return super().handle_message(body, message)
        except Unreadable as error:
            throw_away(CONTROL, error, body)
        except Exception as error:  # noqa: BLE001 - whatever it holds
            log.warning("control_failed", error=repr(error)[:200])
        return None

    def reply(self, data: Any, exchange: Any, routing_key: Any, ticket: Any, **_: Any) -> None:
        """Once. A worker does not wait for a broker with an answer in its hand."""
        mailbox: Any = self.mailbox
        mailbox._publish_reply(  # noqa: SLF001 - kombu's own way
            data,
            exchange,
            routing_key,
            ticket,
            channel=self.channel,
            serializer=mailbox.serializer,
            retry_policy=ANSWER_ONCE,
        )

    def _check(self, body: Any, message: Any) -> None:
        """A pattern is searched for in our name, which can take for ever: nobody here sends one."""
        clock = message.headers.get("clock") or 0 if message else 0
        if type(clock) not in {int, float} or not 0 <= clock < HIGHEST_CLOCK:
            raise Unreadable("its clock")
        if not isinstance(body, dict) or body.get("method") not in QUESTIONS:
            raise Unreadable("no question")
        if body.get("pattern") or body.get("matcher"):
            raise Unreadable("it has a pattern")
        destination = body.get("destination")
        if destination is not None and not isinstance(destination, list):
            raise Unreadable("its destination")
