"""What a disk that refuses means for a job: it is tried again, somebody may mend the disk."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from deferral.errors import Retry

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
SHUT = {errno.EACCES, errno.EPERM, errno.EROFS}


@contextmanager
def disk_errors(disk: str = "the disk for files", *, writing: bool = False) -> Iterator[None]:
    """Retry, with what there is to mend, for whatever it refuses.

    FileNotFoundError passes, but for `writing`: then it is a folder that is missing.
    """
    try:
        yield
    except OSError as error:
        if isinstance(error, FileNotFoundError) and not writing:
            raise
        said = error.strerror or str(error) or type(error).__name__
        found = f"{disk} {_what(error)}"
        reason = f"{found}: {said}"
        raise Retry(reason, cause=found) from error


def _what(error: OSError) -> str:
    if error.errno in FULL:
        return "is full"
    if error.errno in SHUT:
        return "may not be written or read"
    return "does not work"
