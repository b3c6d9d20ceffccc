"""Does the database take a write? One of what every order writes, rolled back.

Asking anything less finds a read-only database well, and a full one.
"""

from django.db import connection, transaction

from deferral.models import Event

PATIENCE = """
SELECT set_config('statement_timeout', '1s', true), set_config('lock_timeout', '500ms', true)
"""


def try_a_write() -> None:
    """Whatever PostgreSQL has to say against it, within a second, is raised; nothing is kept."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(PATIENCE)
        # Expanded, for the index of what is pending is looked at fifty times a second.
        Event.objects.create(type="trial", subject="trial", payload={}, state="expanded")
        transaction.set_rollback(True)
