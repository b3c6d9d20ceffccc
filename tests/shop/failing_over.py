"""A database that turns read-only, as in a failover, and back."""

from django.db import connection, connections


def read_only(*, until_told: bool) -> None:
    """For each statement of every new session, and of this test's."""
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    verb, rest = ("SET", "= on") if until_told else ("RESET", "")
    session = connections.create_connection("default")
    with session.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = off")
        cursor.execute(f"ALTER DATABASE {name} {verb} default_transaction_read_only {rest}")
    session.close()
    connection.close()
