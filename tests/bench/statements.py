"""What PostgreSQL spent on our statements (pg_stat_statements)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
from django.db import connection

from launcher.servers.postgres import Postgres

LIBRARY = {"shared_preload_libraries": "pg_stat_statements"}
HOTTEST = """
SELECT query, calls, total_exec_time FROM pg_stat_statements s
JOIN pg_database d ON d.oid = s.dbid AND d.datname = current_database()
ORDER BY total_exec_time DESC
"""


@dataclass
class Spent:
    """Statement -> (how often, milliseconds in all), the dearest first."""

    statements: dict[str, tuple[int, float]] = field(default_factory=dict)

    @property
    def milliseconds(self) -> float:
        """All of them together."""
        return sum(spent for _, spent in self.statements.values())

    @property
    def calls(self) -> int:
        """How many statements were run."""
        return sum(calls for calls, _ in self.statements.values())


def install(postgres: Postgres) -> None:
    """The extension, and leave to use it and to write dirty pages; by the server's superuser."""
    with psycopg.connect(postgres.url(user="postgres"), autocommit=True) as line:
        line.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        line.execute("GRANT pg_read_all_stats, pg_checkpoint TO halyard")
        line.execute("GRANT EXECUTE ON FUNCTION pg_stat_statements_reset TO halyard")


@contextmanager
def counted() -> Iterator[Spent]:
    """What is spent while the block runs; filled in at its end."""
    found = Spent()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_statements_reset()")
        yield found
        cursor.execute(HOTTEST)
        for query, calls, spent in cursor.fetchall():
            before = found.statements.get(query, (0, 0.0))
            found.statements[query] = (before[0] + calls, before[1] + spent)
