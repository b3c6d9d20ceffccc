"""What every stranger needs at hand."""

from dataclasses import dataclass

from aiohttp import web

from sandbox.faults import Faults
from sandbox.journal import Book
from sandbox.settings import Settings
from sandbox.store import Store


@dataclass(frozen=True)
class Scene:
    """One running sandbox."""

    settings: Settings
    store: Store
    book: Book
    faults: Faults


SCENE = web.AppKey("scene", Scene)


def open_scene(settings: Settings) -> Scene:
    """Open the data directory and remember what was there."""
    store = Store(settings.home / "sandbox.sqlite3")
    return Scene(settings, store, Book(store), Faults(store))
