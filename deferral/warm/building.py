"""Building a value, and keeping it where that is possible."""

import time
from contextlib import suppress
from typing import Any

import structlog

from deferral.warm import entries
from deferral.warm.errors import CacheAway
from deferral.warm.values import Warm

log = structlog.get_logger(__name__)


def build(warm: Warm, of: str) -> Any:
    """As it is now."""
    began = time.monotonic()
    found = warm.build(of)
    log.info("value_built", value=warm.name, of=of, seconds=round(time.monotonic() - began, 3))
    return found


def build_and_keep(warm: Warm, of: str) -> Any:
    """The same, for the next ones too. The mark is read before anything else: see `entries`.

    Never raises CacheAway: a value that cannot be kept is a value. Outside transactions only.
    """
    try:
        mark = entries.mark_before(warm, of)
    except CacheAway:
        return build(warm, of)
    began = time.time()
    body = _built(warm, of)
    with suppress(CacheAway):
        entries.keep(warm, of, body, mark=mark, built=began)
    return body


def _built(warm: Warm, of: str) -> Any:
    """Where it cannot be built nobody waits for it: the next one may try."""
    try:
        return build(warm, of)
    except BaseException:
        with suppress(CacheAway):
            entries.let_go("building", warm, of)
        raise
