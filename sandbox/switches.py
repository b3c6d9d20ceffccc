"""The fault switches, by `PUT` with a token and by the page's buttons."""

import hmac
import math
import time
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from sandbox.context import CONTEXT
from sandbox.fault_switches import Fault, Mode, modes_of
from sandbox.guards import same_origin
from sandbox.reading import Unreadable, read_object
from sandbox.services import SERVICES

_FIELDS = ("mode", "rate", "seconds")
_LONGEST = 366 * 24 * 3600.0


def routes() -> list[web.RouteDef]:
    """Both ways to set a fault, one to end all, and one to read them."""
    return [
        web.get("/faults.json", _show_all),
        web.put("/faults/{service}", _put),
        web.post("/faults/{service}", _press),
        web.post("/faults", _heal),
    ]


async def _show_all(request: web.Request) -> web.Response:
    faults = request.app[CONTEXT].faults
    return web.json_response({name: _show(faults.of(name)) for name in SERVICES})


async def _put(request: web.Request) -> web.Response:
    try:
        name = _allowed(request, request.headers.get("X-Sandbox-Token", ""))
        fault = read_fault(read_object(await request.read()), modes_of(name))
    except Unreadable as problem:
        return web.json_response({"error": str(problem)}, status=400)
    request.app[CONTEXT].faults.set(name, fault)
    return web.json_response({"service": name, **_show(fault)})


async def _press(request: web.Request) -> web.Response:
    if not same_origin(request):
        raise web.HTTPForbidden(text="only the sandbox's own page may do this\n")
    form = await request.post()
    name = _allowed(request, str(form.get("token", "")))
    try:
        told = {field: form.get(field) or None for field in _FIELDS}
        fault = read_fault(told, modes_of(name))
    except Unreadable as problem:
        raise web.HTTPBadRequest(text=f"{problem}\n") from None
    request.app[CONTEXT].faults.set(name, fault)
    return web.Response(status=303, headers={"Location": f"/#{name}"})


async def _heal(request: web.Request) -> web.Response:
    """Everybody behaves."""
    if not same_origin(request):
        raise web.HTTPForbidden(text="only the sandbox's own page may do this\n")
    _check_token(request, str((await request.post()).get("token", "")))
    faults = request.app[CONTEXT].faults
    for name in SERVICES:
        faults.set(name, Fault())
    return web.Response(status=303, headers={"Location": "/"})


def _check_token(request: web.Request, token: str) -> None:
    expected = request.app[CONTEXT].settings.token
    if not hmac.compare_digest(token.encode("utf-8", "replace"), expected.encode()):
        raise web.HTTPForbidden(text="X-Sandbox-Token is missing or wrong\n")


def _allowed(request: web.Request, token: str) -> str:
    _check_token(request, token)
    name = request.match_info["service"]
    if name not in SERVICES:
        raise web.HTTPNotFound(text=f"no such external service; there are {', '.join(SERVICES)}\n")
    return name


def read_fault(told: Mapping[str, Any], modes: Sequence[Mode] = tuple(Mode)) -> Fault:
    """Read mode, rate (percent, default 100) and seconds (default: until changed)."""
    mode = str(told.get("mode"))
    if mode not in modes:
        raise Unreadable("mode", f"must be one of {', '.join(modes)}")
    rate = _number(told, "rate", 100)
    if not (0 <= rate <= 100 and rate == int(rate)):
        raise Unreadable("rate", "must be a whole percentage, 0 to 100")
    seconds = _number(told, "seconds", None)
    if seconds is not None and not 0 < seconds <= _LONGEST:
        raise Unreadable("seconds", "must be more than 0 and at most a year")
    return Fault(Mode(mode), int(rate), None if seconds is None else time.time() + seconds)


def _number(told: Mapping[str, Any], name: str, default: float | None) -> Any:
    value = told.get(name)
    if value is None:
        return default
    if isinstance(value, bool):
        return math.nan
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return math.nan


def _show(fault: Fault) -> dict[str, Any]:
    left = fault.seconds_left
    return {
        "mode": fault.mode.value,
        "rate": fault.rate,
        "seconds": None if left is None else round(left, 3),
    }
