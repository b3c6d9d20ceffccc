"""The journal for tests and for curl."""

from aiohttp import web

from sandbox.context import CONTEXT
from sandbox.reading import storable


def routes() -> list[web.RouteDef]:
    """The whole journal, its doubles, and whether anybody is there."""
    return [
        web.get("/ledger.json", _journal),
        web.get("/ledger/doubles.json", _doubles),
        web.get("/healthz", _healthz),
    ]


async def _journal(request: web.Request) -> web.Response:
    order = storable(request.query.get("order", ""))
    return web.json_response(request.app[CONTEXT].journal.entries_of(order))


async def _doubles(request: web.Request) -> web.Response:
    return web.json_response(request.app[CONTEXT].journal.doubles())


async def _healthz(request: web.Request) -> web.Response:
    context = request.app[CONTEXT]
    context.store.value("SELECT 1")
    return web.json_response({"status": "ok", "profile": context.settings.profile})
