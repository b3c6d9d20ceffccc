"""`manage.py`: what passes by itself is told in a sentence, with what to do, not in a traceback."""

import sys
from collections.abc import Sequence

from django.core.management import execute_from_command_line
from django.db import Error

from deferral.database.outage import is_held_up, is_our_outage, passes


def run(argv: Sequence[str]) -> None:
    """Run a command. Ends with 1 and a sentence when the database would not have it now."""
    try:
        execute_from_command_line(list(argv))
    except Error as error:
        if not passes(error):
            raise
        sys.exit(f"{sentence(error)}\n{str(error).strip()}")


def sentence(error: Error) -> str:
    """What a person at a terminal can do about it."""
    if is_our_outage(error):
        return "The database is away or cannot write now. Run this again when it can."
    if is_held_up(error):
        return (
            "Somebody else holds what this needs, for longer than it may wait. "
            "`manage.py doctor` names who. What was finished before is kept: run this again."
        )
    return "A statement took longer than it may (statement_timeout), and was cancelled."
