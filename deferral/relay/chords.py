"""Chords whose join is the ledger's: Celery asks here whether the last part is done.

Celery leaves it to the result backend to know when a chord is complete. Every backend keeps a count
of its own for that, and loses or doubles it when a process dies between two steps. Ours has the
count already: the transaction that settles the last part makes the body due. So this backend keeps
none. It looks at the body's row, and sends the body's message if it is due.

Nothing depends on that message: the relay sends a body that nobody has claimed after two seconds.
For chords of jobs (`publishing`) only; anything else has no row to ask about.
"""

from typing import Any

import structlog
from django.db import connection
from django_celery_results.backends.database import DatabaseBackend
from kombu.exceptions import OperationalError

from deferral.crashpoints import crashpoint
from deferral.relay.hints import Addressed

log = structlog.get_logger(__name__)

COMPLETE = f"""
SELECT {Addressed.columns("b")} FROM deferral_job b
WHERE b.id = %s AND b.state = 'pending' AND b.open_parts = 0 AND b.epoch = 0
"""  # noqa: S608 - names of our own


class LedgerBackend(DatabaseBackend):  # type: ignore[misc]  # the package has no types
    """Results as django-celery-results keeps them; the joins of chords as the ledger does."""

    def apply_chord(self, *_: Any, **__: Any) -> None:
        """A chord goes out. The body's row says already how many parts are open."""

    def on_chord_part_return(self, request: Any, *_: Any, **__: Any) -> None:
        """A part is over, however it ended. Send the body if it was the last.

        The message names the body, and the rest of what it says of it counts for nothing.
        """
        if not request.chord:
            return
        crashpoint("result_stored")
        with connection.cursor() as cursor:
            cursor.execute(COMPLETE, [request.chord["kwargs"]["job"]])
            found = cursor.fetchone()
        if found:
            crashpoint("last_part_counted")
            self._send(Addressed(*found))

    def _send(self, body: Addressed) -> None:
        try:
            body.signature().apply_async()
            crashpoint("body_sent")
        except (OperationalError, OSError) as error:
            log.warning("body_not_sent", job=body.key, error=str(error))
