"""Whoever changes what lets somebody in takes their turn: one for each address."""

from django.db import connection

# Two numbers are a space of locks of their own: the ledger's have one.
LOGINS = 0x10C1
WAIT = "SELECT pg_advisory_xact_lock(%s, hashtext(%s))"


def take_turn(address: str) -> None:
    """Wait for whoever is at this address; to the end of the transaction, which must be open.

    Without it a click and a newer mail of one address lock each other's rows in either order.
    """
    with connection.cursor() as cursor:
        cursor.execute(WAIT, [LOGINS, address])
