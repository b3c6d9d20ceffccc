"""How a stranger takes one JSON request: gate, time, acceptance, reply."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from aiohttp import web

from sandbox.context import SCENE
from sandbox.fault_injection import Refused, enter, gone, leave
from sandbox.journal import KeyReused, Parcel
from sandbox.reading import Unreadable

log = logging.getLogger("sandbox")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Read = Callable[[web.Request], Awaitable[Parcel]]


class Forged(Exception):
    """The signature does not fit the content."""


def receiver(stranger: str, read: Read) -> Handler:
    """Make the handler of one address of a stranger.

    The acceptance is committed before the reply, so it holds when the client has left meanwhile
    (aiohttp lets the handler of a lost connection run on). Requests with one key that overlap are
    one acceptance and repeats. Ending the sandbox during the latency accepts nothing.
    """

    async def handle(request: web.Request) -> web.Response:
        try:
            parcel = await read(request)
        except (Unreadable, Forged) as problem:
            return _turn_away(request, stranger, _unread(request), problem)
        try:
            return await _take(request, stranger, parcel)
        except (Refused, KeyReused) as problem:
            return _turn_away(request, stranger, parcel, problem)

    return handle


async def _take(request: web.Request, stranger: str, parcel: Parcel) -> web.Response:
    scene = request.app[SCENE]
    mode = await enter(scene.faults, stranger, gone(request))
    await asyncio.sleep(scene.settings.latency(stranger))
    mine = _receipt(stranger, parcel)
    answer = scene.book.accept(stranger, parcel, mine)
    repeat = answer is not mine
    log.info(
        "%s %s %s %s", stranger, parcel.effect, parcel.order, "repeat" if repeat else "accepted"
    )
    leave(mode)
    headers = {"Idempotent-Replayed": "true"} if repeat else {}
    return web.json_response(answer, status=201, headers=headers)


def _receipt(stranger: str, parcel: Parcel) -> dict[str, str]:
    return {
        "id": f"{stranger}_{secrets.token_hex(8)}",
        "order": parcel.order,
        "effect": parcel.effect,
        "accepted_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
    }


def _unread(request: web.Request) -> Parcel:
    key = request.headers.get("Idempotency-Key", "") or request.headers.get("webhook-id", "")
    return Parcel(key if key.isascii() else "", "", "")


def _turn_away(
    request: web.Request, stranger: str, parcel: Parcel, problem: Exception
) -> web.Response:
    request.app[SCENE].book.refuse(stranger, parcel)
    log.info("%s %s %s refused: %s", stranger, parcel.effect, parcel.order, problem)
    return web.json_response({"error": str(problem)}, status=_status(problem))


def _status(problem: Exception) -> int:
    if isinstance(problem, Refused):
        return problem.status
    if isinstance(problem, Forged):
        return 401
    return 422 if isinstance(problem, KeyReused) else 400
