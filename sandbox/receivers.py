"""The external services that take plain JSON: inventory, analytics, CRM, audit archive.

The AI service and who sends SMS answer with something: `sandbox.ai` and `sandbox.sms`.
"""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from sandbox.journal import Parcel
from sandbox.reading import Unreadable, read_key, read_object, read_order, read_text
from sandbox.receiving import Read, receiver

Body = dict[str, Any]
Seen = Callable[[Body], tuple[str, str]]

_INVENTORIES = ("print-room", "warehouse", "box-office")


def routes() -> list[web.RouteDef]:
    """Every address of these external services."""
    inventory = [
        web.post(f"/{name}/{effect}s", receiver(name, _reads(_stock(effect))))
        for name in _INVENTORIES
        for effect in ("reservation", "release")
    ]
    return [
        *inventory,
        web.post("/analytics/events", receiver("analytics", _reads(_event))),
        web.post("/crm/contacts", receiver("crm", _reads(_contact))),
        web.post("/crm/forgotten", receiver("crm", _reads(_forgotten))),
        web.post("/audit-archive/entries", receiver("audit-archive", _reads(_entry))),
    ]


def _reads(seen: Seen) -> Read:
    async def read(request: web.Request) -> Parcel:
        key = read_key(request.headers)
        body = read_object(await request.read())
        order, effect = seen(body)
        return Parcel(key, order, effect, body)

    return read


def _stock(effect: str) -> Seen:
    def seen(body: Body) -> tuple[str, str]:
        _check_lines(body.get("lines"))
        part = read_text(body, "part", required=False)
        return read_order(body), f"{effect} of {part}" if part else effect

    return seen


def _check_lines(lines: object) -> None:
    if not isinstance(lines, list) or not lines:
        raise Unreadable("lines", "must be a list with at least one line")
    for line in lines:
        if not isinstance(line, dict):
            raise Unreadable("each line", "must be an object")
        read_text(line, "sku")
        quantity = line.get("quantity")
        if type(quantity) is not int or quantity < 1:
            raise Unreadable("quantity", "must be a whole number of at least 1")


def _event(body: Body) -> tuple[str, str]:
    return read_order(body, required=False), read_text(body, "event")


def _contact(body: Body) -> tuple[str, str]:
    read_text(body, "email")
    return read_order(body, required=False), "contact"


def _forgotten(body: Body) -> tuple[str, str]:
    """A contact that is to be forgotten."""
    read_text(body, "email")
    return read_order(body, required=False), "forgotten"


def _entry(body: Body) -> tuple[str, str]:
    """Parts of a refund are told apart by their amounts."""
    action, cents = read_text(body, "action"), body.get("refunded_cents")
    part = f" of {cents} cents" if cents is not None else ""
    return read_order(body, required=False), f"{action}{part}"
