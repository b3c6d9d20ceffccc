"""The textbook again, everything in one queue: whoever comes first is served first."""

from celery import signals

from tests.baselines import fan_out
from tests.baselines.textbook import OPTIONS
from tests.baselines.twins import become_plain, twin

app = twin("one_queue", **OPTIONS)
for task in fan_out.TASKS:
    app.tasks[str(task.name)].queue = "critical"  # type: ignore[attr-defined]  # Celery reads it
signals.celeryd_init.connect(become_plain)
