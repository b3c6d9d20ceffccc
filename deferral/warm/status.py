"""How the cache is, in a sentence: for the doctor, /readyz and the admin's first page."""

import secrets
from collections.abc import Iterable
from typing import Any

from celery import current_app

from deferral.health import Finding, health_check
from deferral.warm.errors import CacheAway
from deferral.warm.server import address, server

WITHOUT = "pages are built for whoever asks for them"


def why_away() -> str:
    """Why it does not serve. Empty while it gives back what it took, and where there is none."""
    if not address():
        return ""
    word = secrets.token_hex(8)
    place = f"trial:{word}"
    try:
        _, [found] = server().ask(("SET", place, word, "PX", 1_000), ("MGET", place))
    except CacheAway as error:
        return str(error)
    return "" if found == word.encode() else "it does not give back what it was given"


@health_check
def check_cache() -> Iterable[Finding]:
    """Whether it takes a value, how full it is, that it forgets, and that it is not the broker."""
    if not address():
        yield Finding(name="cache", well=True, detail=f"none (CACHE_URL): {WITHOUT}")
        return
    if why := why_away():
        yield Finding(name="cache", well=False, detail=f"{why}: {WITHOUT}")
        return
    yield _described(_said())


def _said() -> dict[str, str]:
    """What it says about itself; nothing where that is not for us."""
    try:
        [text] = server().ask(("INFO",))
    except CacheAway:
        return {}
    lines = text.decode(errors="replace").splitlines()
    return dict(line.split(":", 1) for line in lines if ":" in line)


def _described(said: dict[str, str]) -> Finding:
    if said.get("run_id") and said["run_id"] == _broker():
        detail = "CACHE_URL and BROKER_URL lead to one server: a full cache would stop all hints"
        return Finding(name="cache", well=False, detail=detail)
    policy = said.get("maxmemory_policy", "unknown")
    used, most = said.get("used_memory_human", "?"), said.get("maxmemory_human", "?")
    forgets = policy.startswith("allkeys") or not said
    detail = f"takes a value; {used} of {most}, {policy}" + ("" if forgets else WANTED)
    return Finding(name="cache", well=forgets, detail=detail)


WANTED = ": it must forget (maxmemory-policy allkeys-lru), or it is full one day and takes nothing"


def _broker() -> str:
    """The run of the broker's server; "" where it has none, or does not say."""
    try:
        with current_app.connection_for_write(connect_timeout=1) as broker:
            client: Any = getattr(broker.default_channel, "client", None)
            return str(client.info("server")["run_id"]) if client else ""
    except Exception:  # noqa: BLE001 - whatever a broker raises: another question tells of it
        return ""
