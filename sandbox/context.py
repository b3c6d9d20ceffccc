"""What every external service needs at hand."""

from dataclasses import dataclass

from aiohttp import web

from sandbox.fault_switches import Faults
from sandbox.journal import Journal
from sandbox.settings import Settings
from sandbox.store import Store


@dataclass(frozen=True)
class Context:
    """One running sandbox."""

    settings: Settings
    store: Store
    journal: Journal
    faults: Faults


CONTEXT = web.AppKey("context", Context)


def open_context(settings: Settings) -> Context:
    """Open the data directory and remember what was there."""
    store = Store(settings.home / "sandbox.sqlite3")
    return Context(settings, store, Journal(store), Faults(store))
