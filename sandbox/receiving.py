"""How an external service takes one JSON request: faults, time, acceptance, reply."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from sandbox.context import CONTEXT
from sandbox.fault_switches import Mode
from sandbox.faults import Refused, enter, gone, leave
from sandbox.journal import KeyReused, Parcel
from sandbox.reading import Unreadable

log = logging.getLogger("sandbox")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Read = Callable[[web.Request], Awaitable[Parcel]]
Body = dict[str, Any]
# What is answered to something that is accepted, and to what a fault has answered otherwise.
Compose = Callable[[web.Request, Parcel, Mode], Body]
Odd = Callable[[Mode], web.Response | None]


class Forged(Exception):
    """The signature does not fit the content."""


def as_usual(_mode: Mode) -> None:
    """No answers but those that every external service gives."""


def receiver(
    service: str, read: Read, *, compose: Compose | None = None, odd: Odd = as_usual
) -> Handler:
    """Make the handler of one address of an external service.

    The acceptance is committed before the reply, so it holds when the client has left meanwhile
    (aiohttp lets the handler of a lost connection run on). Requests with one key that overlap are
    one acceptance and repeats. Ending the sandbox during the latency accepts nothing.
    """

    async def handle(request: web.Request) -> web.Response:
        try:
            parcel = await read(request)
        except (Unreadable, Forged) as problem:
            return _turn_away(request, service, _unread(request), problem)
        try:
            return await _take(request, service, parcel, compose or _receipt(service), odd)
        except (Refused, KeyReused) as problem:
            return _turn_away(request, service, parcel, problem)

    return handle


async def _take(
    request: web.Request, service: str, parcel: Parcel, compose: Compose, odd: Odd
) -> web.Response:
    context = request.app[CONTEXT]
    mode = await enter(context.faults, service, gone(request))
    await asyncio.sleep(context.settings.latency(service))
    if (strange := odd(mode)) is not None:
        context.journal.refuse(service, parcel)
        return strange
    mine = compose(request, parcel, mode)
    with context.store.transaction():
        answer = context.journal.accept(service, parcel, mine)
        repeat = answer is not mine
        if not repeat:
            context.shipping.accepted(service, parcel, mode)
    context.teller.ring()
    log.info(
        "%s %s %s %s", service, parcel.effect, parcel.order, "repeat" if repeat else "accepted"
    )
    leave(mode)
    headers = {"Idempotent-Replayed": "true"} if repeat else {}
    return web.json_response(answer, status=201, headers=headers)


def _receipt(service: str) -> Compose:
    def compose(_request: web.Request, parcel: Parcel, _mode: Mode) -> Body:
        return {
            "id": f"{service}_{secrets.token_hex(8)}",
            "order": parcel.order,
            "effect": parcel.effect,
            "accepted_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        }

    return compose


def _unread(request: web.Request) -> Parcel:
    key = request.headers.get("Idempotency-Key", "") or request.headers.get("webhook-id", "")
    return Parcel(key if key.isascii() else "", "", "")


def _turn_away(
    request: web.Request, service: str, parcel: Parcel, problem: Exception
) -> web.Response:
    request.app[CONTEXT].journal.refuse(service, parcel)
    log.info("%s %s %s refused: %s", service, parcel.effect, parcel.order, problem)
    return web.json_response({"error": str(problem)}, status=_status(problem))


def _status(problem: Exception) -> int:
    if isinstance(problem, Refused):
        return problem.status
    if isinstance(problem, Forged):
        return 401
    return 422 if isinstance(problem, KeyReused) else 400
