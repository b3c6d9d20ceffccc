"""Valkey as the ledger sees it: an error that it answers is its absence, and a hint is only a hint.

kombu's own transport leaves three things to chance, and each has ended workers. Here

- whatever the server answers instead of serving (it is a replica, full, loading, wants another
  password, has no more clients, or holds another type of key) counts as a broker that is away:
  whoever asked waits and connects again. So a connection is made when the server takes a change;
- a message in hand may stand in the worker's memory alone (the option `ack_emulation`, off). kombu
  keeps a copy in the server, in `unacked`, which every worker reads again and trusts. A hint lost
  with its worker is found by a marker in seconds: a copy buys nothing, and costs two questions;
- what cannot be read as a message is thrown away (`unreadable`), and so is whatever stands in a
  queue's place and is no list.

Not for Sentinel, nor for `global_keyprefix`: kombu has channels and clients of their own for those.
"""

from contextlib import suppress
from importlib import import_module
from typing import Any

from kombu import transport
from kombu.utils.encoding import bytes_to_str
from redis import Redis
from redis.exceptions import RedisError, ResponseError

from deferral.broker.shapes import is_readable
from deferral.broker.unreadable import CONTROL, Unreadable, throw_away

# The stubs know half of them.
redis: Any = import_module("kombu.transport.redis")
virtual: Any = import_module("kombu.transport.virtual")

# Deleting what is not there changes nothing. Who refuses changes refuses it, but a full server does
# not, and from that one a worker can very well take messages.
NOBODYS = "deferral.nobodys"


class QoS(virtual.QoS):  # type: ignore[misc]
    """Counts what is in hand. Whoever leaves gives it back if that is possible."""

    def restore_unacked(self) -> list[Any]:
        """Without errors: kombu would write to the disk what it could not give back."""
        super().restore_unacked()
        return []


class Message(virtual.Message):  # type: ignore[misc]
    """kombu's, under a number of our own: its own word for it may be anything, or another's."""

    def __init__(self, payload: Any, channel: Any = None, **kwargs: Any) -> None:
        super().__init__(payload, channel=channel, **kwargs)
        self.delivery_tag = channel._next_delivery_tag()  # noqa: SLF001 - kombu's own way


class Client(Redis):
    """Takes a message out of a queue only if it is one."""

    def parse_response(self, connection: Any, command_name: Any, **options: Any) -> Any:
        """`None`, "nothing came", for what cannot be read: it has left the queue by then."""
        found: Any = super().parse_response(  # type: ignore[no-untyped-call]
            connection, command_name, **options
        )
        if command_name == "BRPOP" and found:
            queue = bytes_to_str(found[0]).rsplit(redis.Channel.sep, 1)[0]
            return found if is_readable(found[1], queue) else None
        return found


class Channel(redis.Channel):  # type: ignore[misc]
    """One conversation with the server."""

    Message = Message

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.ack_emulation:
            self.QoS = QoS

    def _get_client(self) -> type[Client]:
        return Client

    def _new_queue(self, queue: str, **kwargs: Any) -> None:
        """Declared is a queue that nothing else stands in the place of."""
        super()._new_queue(queue, **kwargs)
        keys = [self._q_for_pri(queue, step) for step in self.priority_steps]
        with self.conn_or_acquire() as client:
            for key in keys:
                if client.type(key) not in {b"list", b"none"}:
                    throw_away(queue, Unreadable("a key in the queue's place is no list"), key)
                    client.delete(key)

    def _queue_bind(self, *meta: Any) -> None:
        """Queues are found by name, only answers to Flower by this. A full server may refuse it."""
        with suppress(ResponseError):
            super()._queue_bind(*meta)

    def _handle_message(self, client: Any, r: Any) -> Any:
        """What was broadcast; nothing where that cannot be read."""
        said = super()._handle_message(client, r)
        is_message = bytes_to_str(said["type"]).endswith("message")
        if is_message and not is_readable(said["data"], CONTROL):
            said["data"] = None
        return said


class Transport(redis.Transport):  # type: ignore[misc]
    """kombu's, with these channels and this opinion of errors."""

    Channel = Channel
    connection_errors = (*redis.Transport.connection_errors, RedisError)

    def establish_connection(self) -> Any:
        """Connected is who may change something."""
        connection = super().establish_connection()
        try:
            self._avail_channels[-1].client.delete(NOBODYS)
        except Exception:
            self.close_connection(connection)
            raise
        return connection

    def _deliver(self, message: Any, queue: str) -> None:
        """Where a message lay is known, whatever it says itself. (Broadcasts lie nowhere.)"""
        if queue not in self.Channel._fanout_queues:  # noqa: SLF001 - kombu's own way
            message["properties"]["delivery_info"].update(exchange="", routing_key=queue)
        super()._deliver(message, queue)


def take_kombus_place() -> None:
    """From now on `redis://`, `rediss://` and `redis+socket://` lead here, in this process."""
    for scheme in ("redis", "rediss"):
        transport.TRANSPORT_ALIASES[scheme] = "deferral.broker.transport:Transport"
