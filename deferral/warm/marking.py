"""What a change has made stale is marked, never deleted: its readers are served all the same."""

from collections.abc import Iterable

from deferral.errors import Retry
from deferral.warm.entries import set_marks
from deferral.warm.errors import CacheAway
from deferral.warm.server import address


def mark_stale(values: Iterable[tuple[str, str]]) -> None:
    """Those of the name, and what each is of. After the change is committed, from a job: one that
    read before the change keeps nothing fresh any more.

    Retry while the cache is away: it may come back with what it has. Nothing without a cache.
    """
    if not address():
        return
    try:
        set_marks(values)
    except CacheAway as error:
        msg = f"the cache is away: {error}"
        raise Retry(msg, cause="the cache is away") from error
