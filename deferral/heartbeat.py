"""A file touched by a process that lives, for a supervisor that can ask nothing else.

A container's health check then costs a look at a file instead of a Django start. Not for telling
others whether a role is there: PostgreSQL knows that (`presence`, `selectors.is_living`). The file
goes on being touched while database or broker are away: no restart of ours would bring them back.
"""

import os
from contextlib import suppress
from pathlib import Path

FILE = os.environ.get("HEARTBEAT_FILE", "")


def beat() -> None:
    """Say that this process is alive, if HEARTBEAT_FILE names a file. A full disk is not raised."""
    if FILE:
        with suppress(OSError):
            Path(FILE).touch()
