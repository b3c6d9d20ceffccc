"""How often ffmpeg may fail at one thing, while a storage that is away may be tried for an hour."""

from collections.abc import Iterator
from contextlib import contextmanager

from deferral.errors import Bury
from deferral.tasks import current_job
from media.films.errors import NotWhole, ProgramFailed, Stuck

# What it does not do thrice it does not do: the same program, the same bytes.
TRIES = 3
FAILURES = (ProgramFailed, NotWhole, Stuck)
NAMES = {one.__name__ for one in FAILURES}


@contextmanager
def thrice() -> Iterator[None]:
    """Around what ffmpeg does for the current job. Bury at its third failure."""
    try:
        yield
    except FAILURES as error:
        before = sum(one.get("class") in NAMES for one in current_job().claim.errors)
        if before + 1 < TRIES:
            raise
        raise Bury(str(error), cause=error.cause) from error
