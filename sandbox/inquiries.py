"""Where a supplier is asked how an order stands: it answers with what it would tell last."""

import asyncio

from aiohttp import web

from sandbox.context import CONTEXT
from sandbox.fault_switches import CARRIERS, Mode
from sandbox.faults import Refused, enter, gone, leave
from sandbox.reading import Unreadable, read_key, read_object, read_text
from sandbox.receiving import Handler


def routes() -> list[web.RouteDef]:
    """One address for each that carries something."""
    return [web.post(f"/{service}/inquiries", _asked(service)) for service in sorted(CARRIERS)]


def _asked(service: str) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        context = request.app[CONTEXT]
        try:
            read_key(request.headers)
            order = read_text(read_object(await request.read()), "order")
            mode = await enter(context.faults, service, gone(request))
        except Unreadable as problem:
            return web.json_response({"error": str(problem)}, status=400)
        except Refused as problem:
            return web.json_response({"error": str(problem)}, status=problem.status)
        await asyncio.sleep(context.settings.latency(service))
        leave(mode)
        is_dumb = mode is Mode.NOTICES_NEVER
        found = [] if is_dumb else context.shipping.known_of(service, order)
        return web.json_response({"shipments": found})

    return handle
