"""The connection over which this process publishes."""

from celery import current_app

# The relay is its own retry. Left alone, Celery asks a broker that is away for six seconds, and all
# that the relay looks after meanwhile waits as long.
ASKED_ONCE = {"max_retries": 0, "interval_start": 0, "interval_step": 0, "interval_max": 0}


def ask_once() -> None:
    """From here on this process hears at once that the broker is away."""
    conf = current_app.conf
    conf.broker_transport_options = {**conf.broker_transport_options, **ASKED_ONCE}


def start_afresh() -> None:
    """Drop the publisher's connection: the next message connects and declares again."""
    with current_app.connection_or_acquire() as link:
        link.collect()
