"""Where faults strike, before an external service looks at a request."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.fault_switches import REFUSALS, Faults, Mode
from sandbox.services import SLOW_SECONDS

# How soon a hanging external service notices that its client has left, in seconds.
_GLANCE = 1.0
# SO_LINGER on with zero seconds: close() sends RST instead of FIN, so the client sees a reset.
_NO_LINGER = struct.pack("ii", 1, 0)

Gone = Callable[[], bool]


class Refused(Exception):
    """Turned away with an HTTP status."""

    def __init__(self, status: int) -> None:
        super().__init__(f"this service answers {status} at the moment")
        self.status = status


class Dropped(Exception):
    """The connection is to be cut without an answer."""


async def enter(faults: Faults, service: str, gone: Gone) -> Mode:
    """Let a request through, late or not at all; the mode returned may still cost its reply."""
    mode = faults.draw(service)
    if mode in REFUSALS:
        raise Refused(REFUSALS[mode])
    if mode is Mode.HANG:
        await _hang(faults, service, gone)
    if mode in (Mode.HANG, Mode.RESET):
        raise Dropped
    if mode is Mode.SLOW:
        await asyncio.sleep(SLOW_SECONDS)
    return mode


async def _hang(faults: Faults, service: str, gone: Gone) -> None:
    while faults.of(service).mode is Mode.HANG and not gone():
        await faults.wait_change(min(_GLANCE, faults.of(service).seconds_left or _GLANCE))


def leave(mode: Mode) -> None:
    """Raise Dropped when the reply is to be lost."""
    if mode is Mode.LOST_REPLY:
        raise Dropped


def cut(transport: asyncio.BaseTransport | None) -> None:
    """Reset a connection, as a crashed peer or a middle box does."""
    if transport is None or transport.is_closing():
        return
    peer = transport.get_extra_info("socket")
    if peer is not None:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    if isinstance(transport, asyncio.WriteTransport):
        transport.abort()


def gone(request: web.Request) -> Gone:
    """Tell whether the client of an HTTP request has left."""
    return lambda: request.transport is None or request.transport.is_closing()


@web.middleware
async def drop_lines(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Cut the connection of a request whose external service dropped it."""
    try:
        return await handler(request)
    except Dropped:
        cut(request.transport)
        return web.Response(status=499)  # written to nobody
