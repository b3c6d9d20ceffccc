"""A clock that jumps. PostgreSQL's now() cannot be set, so everything else moves instead.

All times that are stored are moved back by a minute: to every statement and every line of ours that
compares them with the time it is, a minute has gone by. Moved ahead, the clock was set back. Times
inside messages move along. What measures intervals (`time.monotonic`, in the relay) reads
`elapsed`, which never goes back.
"""

from collections.abc import Iterator
from functools import cache

from django.apps import apps
from django.db import connection, models

OURS = ("deferral", "orders", "shop", "webhooks", "reports", "notifications")


class Clock:
    """Counts the seconds it was moved ahead, and moves the rest."""

    def __init__(self) -> None:
        self.elapsed = 0.0

    def monotonic(self) -> float:
        """What `time.monotonic` says."""
        return self.elapsed

    def move(self, seconds: int) -> None:
        """Ahead, or back when negative."""
        self.elapsed += max(seconds, 0)
        with connection.cursor() as cursor:
            cursor.execute(everything_moved(), {"seconds": seconds})


@cache
def everything_moved() -> str:
    """One update for each table of ours that holds a time; all of them in one round trip."""
    found = [update for app in OURS for update in updates(app)]
    named = ", ".join(f"moved_{number} AS ({update})" for number, update in enumerate(found))
    return f"WITH {named} SELECT"


def updates(app: str) -> Iterator[str]:
    """Of one app's tables."""
    for model in apps.get_app_config(app).get_models():
        columns = [f.column for f in model._meta.fields if isinstance(f, models.DateTimeField)]
        if columns:
            moved = ", ".join(f"{c} = {c} - make_interval(secs => %(seconds)s)" for c in columns)
            yield f"UPDATE {model._meta.db_table} SET {moved}"  # noqa: S608 - our own names
