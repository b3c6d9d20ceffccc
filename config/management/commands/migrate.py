"""`migrate`, which says in one sentence that a database is of a release that has been left behind.

Release 0.2.0 began its migrations anew. Django would apply them beside what 0.1 had left, or end
with an InconsistentMigrationHistory that names neither the reason nor the way out.
"""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.loader import MigrationLoader

# Some of what 0.1 had applied, of each of its apps.
OF_0_1 = frozenset(
    {
        ("accounts", "0001_sessions"),
        ("deferral", "0002_storage"),
        ("notifications", "0002_endpoints"),
        ("orders", "0002_number"),
        ("shop", "0002_reservation_supplier"),
    }
)


class Command(migrate.Command):
    """Django's own, after one look."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate. CommandError on a database of 0.1, before anything is changed."""
        if is_of_0_1(options["database"]):
            raise CommandError(
                "This database is of release 0.1, whose data this release cannot read: "
                "begin with an empty one, which on a laptop `make reset` does."
            )
        super().handle(*args, **options)


def is_of_0_1(database: str) -> bool:
    """Whether it has had a migration of 0.1 that this release does not have."""
    loader = MigrationLoader(connections[database], ignore_no_migrations=True)
    return bool(
        OF_0_1.intersection(loader.applied_migrations or ()) - loader.disk_migrations.keys()
    )
