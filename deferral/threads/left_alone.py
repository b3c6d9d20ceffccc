"""Where a thread must not be interrupted: its time limit waits until it has gone on."""

import sys

# Code that an exception between two lines would leave half done, with a connection, a lock or a
# count in its hands. It ends by itself: no statement of ours waits without an end.
LEFT_ALONE = (
    "psycopg",
    "django.db",
    "logging",
    "queue",  # urllib3's pools are such
    "structlog",
    "deferral.database",
    "deferral.external.pacing",
)


def is_left_alone(thread: int) -> bool:
    """Whether that thread is in the middle of a statement, or holds what others need."""
    frame = sys._current_frames().get(thread)  # noqa: SLF001 - its documented name
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module.startswith(LEFT_ALONE):
            return True
        frame = frame.f_back
    return False
