"""What every external service needs at hand."""

from dataclasses import dataclass

from aiohttp import web

from sandbox.fault_switches import Faults
from sandbox.journal import Journal
from sandbox.settings import Settings
from sandbox.shipping.suppliers import Shipping
from sandbox.shipping.teller import Teller
from sandbox.store import Store


@dataclass(frozen=True)
class Context:
    """One running sandbox."""

    settings: Settings
    store: Store
    journal: Journal
    faults: Faults
    shipping: Shipping
    teller: Teller


CONTEXT = web.AppKey("context", Context)


def open_context(settings: Settings) -> Context:
    """Open the data directory and remember what was there."""
    store = Store(settings.home / "sandbox.sqlite3")
    shipping, teller = Shipping(store, settings), Teller(store, settings)
    return Context(settings, store, Journal(store), Faults(store), shipping, teller)
