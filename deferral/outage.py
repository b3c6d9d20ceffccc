"""Telling our own outage from a job's failure: the first must never cost an attempt."""

import psycopg
from django.db import Error


def is_our_outage(error: BaseException) -> bool:
    """Whether the database went away: SQLSTATE class 08 or 57P0x, or no answer at all.

    Every other database error is the job's own, or a bug would be tried again for ever.
    """
    cause = error.__cause__ if isinstance(error, Error) else error
    if not isinstance(cause, psycopg.Error):
        return False
    state = cause.sqlstate
    if state is None:
        return isinstance(cause, psycopg.OperationalError)
    return state.startswith(("08", "57P0"))
