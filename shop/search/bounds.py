"""What a search may cost, told to PostgreSQL for the length of one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

# Whoever waits longer has gone, and another visitor waits for the connection.
LONGEST = "2s"
# Of 1, how alike two words are at least, in groups of three letters, to be compared at all.
ALIKE = "0.3"
# A plan for any words is a bad one for most: what a thousand products have is found otherwise than
# what one has. Helpers and compilation cost more than a search does, and the words from end to
# end ten times what their index does.
SETTINGS = """
SELECT set_config('statement_timeout', %s, true),
    set_config('pg_trgm.similarity_threshold', %s, true),
    set_config('plan_cache_mode', 'force_custom_plan', true),
    set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true),
    set_config('max_parallel_workers_per_gather', '0', true)
"""


@contextmanager
def bounded() -> Iterator[None]:
    """A statement that takes too long is ended: django.db.OperationalError, as everywhere."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(SETTINGS, [LONGEST, ALIKE])
        yield
