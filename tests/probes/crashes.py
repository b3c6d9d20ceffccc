"""Crash points inside Celery's own code, which the product cannot name."""

from typing import Any

from django_celery_results.backends import database
from django_celery_results.backends.database import DatabaseBackend

from deferral.crashpoints import crashpoint

_counted = DatabaseBackend.on_chord_part_return
_trigger = database.trigger_callback


def _on_chord_part_return(self: Any, request: Any, *rest: Any, **kwargs: Any) -> Any:
    """A part's result is stored; now it is counted."""
    if request.chord:
        crashpoint("result_stored")
    return _counted(self, request, *rest, **kwargs)


def _trigger_callback(*args: Any, **kwargs: Any) -> Any:
    """The last part is counted; now the body is sent."""
    crashpoint("last_part_counted")
    return _trigger(*args, **kwargs)


def install() -> None:
    """Put them in Celery's way."""
    DatabaseBackend.on_chord_part_return = _on_chord_part_return
    database.trigger_callback = _trigger_callback
