"""What every stranger needs at hand."""

from dataclasses import dataclass

from aiohttp import web

from sandbox.world.book import Book
from sandbox.world.faults import Faults
from sandbox.world.settings import Settings
from sandbox.world.store import Store


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
