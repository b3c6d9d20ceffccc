"""Whether a broker does its work: a message goes in and comes out.

One that greets may be full, read-only or loading all the same.
"""

import uuid

from kombu import Connection, Queue
from kombu.exceptions import OperationalError


def pass_a_message(broker: Connection) -> None:
    """Through a queue of our own. OperationalError when it does not get through."""
    try:
        channel = broker.default_channel
        queue = Queue(f"doctor.{uuid.uuid4().hex}", channel=channel, auto_delete=True)
        queue.declare()
        broker.Producer(channel).publish({}, routing_key=queue.name, serializer="json")
        found = queue.get(no_ack=True)
        queue.delete()
    except (*broker.connection_errors, *broker.channel_errors) as error:
        raise OperationalError(str(error)) from error
    if found is None:
        msg = "it took a message and does not give it"
        raise OperationalError(msg)
