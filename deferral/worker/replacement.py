"""A child that died is replaced within half a second, not within five.

Celery replaces three in four at once, and the fourth at the pool's next round of maintenance, every
five seconds (measured). A queue with one process is not served until then.
"""

from typing import Any

from celery import bootsteps, signals

EVERY = 0.5  # seconds; a round asks the kernel once for each child


class Replacement(bootsteps.StartStopStep):
    """More rounds of the pool's own maintenance, for as long as the event loop runs."""

    requires = ("celery.worker.components:Pool",)

    def register_with_event_loop(self, worker: Any, hub: Any) -> None:
        """Called anew whenever the loop is, for instance after the broker was away."""
        hub.call_repeatedly(EVERY, worker.pool.maintain_pool)


@signals.celeryd_init.connect
def _add_step(instance: Any, **_: Any) -> None:
    instance.app.steps["worker"].add(Replacement)
