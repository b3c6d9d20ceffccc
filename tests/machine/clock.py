"""A clock that jumps. PostgreSQL's now() cannot be set, so everything else moves instead.

All times that are stored are moved back by a minute: to every statement and every line of ours that
compares them with the time it is, a minute has gone by. Moved ahead, the clock was set back. Times
inside messages move along. What measures intervals (`time.monotonic`, in the relay) reads
`elapsed`, which never goes back.
"""

from django.apps import apps
from django.db import connection, models

OURS = ("deferral", "orders", "shop", "reports", "notifications")


class Clock:
    """Counts the seconds it was moved ahead, and moves the rest."""

    def __init__(self) -> None:
        self.elapsed = 0.0
        self._statements = [statement for app in OURS for statement in statements(app)]

    def monotonic(self) -> float:
        """What `time.monotonic` says."""
        return self.elapsed

    def move(self, seconds: int) -> None:
        """Ahead, or back when negative."""
        self.elapsed += max(seconds, 0)
        with connection.cursor() as cursor:
            for statement in self._statements:
                cursor.execute(statement, {"seconds": seconds})


def statements(app: str) -> list[str]:
    """One for each of the app's tables that holds a time."""
    found = []
    for model in apps.get_app_config(app).get_models():
        columns = [f.column for f in model._meta.fields if isinstance(f, models.DateTimeField)]
        if columns:
            moved = ", ".join(f"{c} = {c} - make_interval(secs => %(seconds)s)" for c in columns)
            found.append(f"UPDATE {model._meta.db_table} SET {moved}")  # noqa: S608 - our own names
    return found
