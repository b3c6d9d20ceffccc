"""What lies in the cache about one value: the value, and the mark of the last change.

A mark is a random word that each change replaces. A builder reads it before the database, and keeps
its value under it; a value whose mark is not today's is stale. So a build that has read before a
change may well end after it, and after other builds: what it keeps is stale from the beginning. A
mark that the cache has forgotten makes stale too: nothing is fresh that cannot be known to be.
"""

import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import structlog

from deferral.warm.releases import release
from deferral.warm.sealing import MOST_BYTES, seal, unseal
from deferral.warm.server import server
from deferral.warm.values import Warm

log = structlog.get_logger(__name__)

# Marks outlive whatever was kept under them. Milliseconds.
MARK_KEPT = 2 * 86_400_000
KEPT = ("body", "built", "until", "is_too_large")


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """`until` by the clock of whoever built it, which all machines of a shop share roughly. What is
    too large to be kept has no body: nobody waits for somebody else to build it.
    """

    body: Any
    built: float
    until: float
    is_marked: bool
    is_too_large: bool = False

    @property
    def is_fresh(self) -> bool:
        """A clock that went back makes stale, not fresh for ever."""
        now = time.time()
        return not self.is_marked and self.built - 60 <= now < self.until


def look(warm: Warm, of: str) -> Entry | None:
    """What is kept, as long as it is usable. CacheAway."""
    place = place_of(warm, of)
    [[found, mark]] = server().ask(("MGET", place, mark_of(warm.name, of)))
    value = unseal(place, found)
    if value is None or time.time() >= value["built"] + warm.usable:
        return None
    is_marked = mark is None or value["mark"] != _word(mark)
    return Entry(**{name: value[name] for name in KEPT}, is_marked=is_marked)


def mark_before(warm: Warm, of: str) -> str:
    """The mark under which a build begins; made where there is none. CacheAway."""
    mark, word = mark_of(warm.name, of), secrets.token_hex(8)
    _, [found] = server().ask(("SET", mark, word, "NX", "PX", MARK_KEPT), ("MGET", mark))
    if found is None:  # something else stands in its place
        server().ask(("SET", mark, word, "PX", MARK_KEPT))
        return word
    return _word(found)


def keep(warm: Warm, of: str, body: Any, *, mark: str, built: float) -> None:
    """Until it is usable no more. Of what is too large only that is kept. CacheAway."""
    place, times = place_of(warm, of), {"built": built, "until": built + warm.fresh}
    value = {"body": body, **times, "mark": mark, "is_too_large": False}
    sealed, seconds = seal(place, value), warm.usable
    if len(sealed) > MOST_BYTES:
        log.warning("value_too_large", value=warm.name, of=of, bytes=len(sealed))
        value |= {"body": None, "is_too_large": True}
        sealed, seconds = seal(place, value), warm.fresh
    server().ask(("SET", place, sealed, "PX", round(seconds * 1_000)))


def take(what: str, warm: Warm, of: str, *, seconds: float) -> bool:
    """Whether this one is first, of all who want the same within so many seconds. CacheAway.

    For efficiency only: the cache may forget it, and then two are first.
    """
    place = f"{what}:{place_of(warm, of)}"
    [answer] = server().ask(("SET", place, "1", "NX", "PX", round(seconds * 1_000)))
    return answer is not None


def let_go(what: str, warm: Warm, of: str) -> None:
    """The next one may be first. CacheAway."""
    server().ask(("DEL", f"{what}:{place_of(warm, of)}"))


def set_marks(values: Iterable[tuple[str, str]]) -> None:
    """What is kept of these, by name and what it is of, is stale. CacheAway."""
    words = [
        ("SET", mark_of(name, of), secrets.token_hex(8), "PX", MARK_KEPT) for name, of in values
    ]
    if words:
        server().ask(*words)


def place_of(warm: Warm, of: str) -> str:
    """A release reads what it has kept itself."""
    return f"warm:{release()}:{warm.name}:{of}"


def mark_of(name: str, of: str) -> str:
    """A change concerns all releases."""
    return f"mark:{name}:{of}"


def _word(found: Any) -> str:
    return found.decode("ascii", "replace") if isinstance(found, bytes) else ""
