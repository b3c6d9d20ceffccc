"""The ledger for tests and for curl."""

from aiohttp import web

from sandbox.context import SCENE
from sandbox.reading import storable


def routes() -> list[web.RouteDef]:
    """The whole ledger, its doubles, and whether anybody is there."""
    return [
        web.get("/ledger.json", _ledger),
        web.get("/ledger/doubles.json", _doubles),
        web.get("/healthz", _healthz),
    ]


async def _ledger(request: web.Request) -> web.Response:
    order = storable(request.query.get("order", ""))
    return web.json_response(request.app[SCENE].book.ledger(order))


async def _doubles(request: web.Request) -> web.Response:
    return web.json_response(request.app[SCENE].book.doubles())


async def _healthz(request: web.Request) -> web.Response:
    scene = request.app[SCENE]
    scene.store.value("SELECT 1")
    return web.json_response({"status": "ok", "profile": scene.settings.profile})
