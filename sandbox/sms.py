"""Who sends SMS: one address that takes them, and a book of what was taken."""

import re
import secrets
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from sandbox.context import CONTEXT
from sandbox.fault_switches import Mode
from sandbox.formatting import clock, e, page, ways
from sandbox.journal import Parcel
from sandbox.odd_answers import odd_answer
from sandbox.reading import Unreadable, read_key, read_object, read_text
from sandbox.receiving import Forged, receiver

_NUMBER = re.compile(r"\+[1-9]\d{6,14}")
_SHOWN = 200
# Under a status that says success.
_FAILED = {Mode.UNKNOWN_NUMBER: "unknown_number", Mode.NO_CREDIT: "no_credit"}


def routes() -> list[web.RouteDef]:
    """Where SMS are taken, and where they are read."""
    handler = receiver("sms", _read, compose=_compose, odd=_odd)
    return [
        web.post("/sms/messages", handler),
        web.get("/sms", _book),
        web.get("/sms.json", _as_json),
    ]


async def _read(request: web.Request) -> Parcel:
    if not request.headers.get("Authorization", "").startswith("Bearer "):
        raise Forged("a key is missing: Authorization: Bearer …")
    body = read_object(await request.read())
    if not _NUMBER.fullmatch(read_text(body, "to")):
        raise Unreadable("to", "must be a number with its country's prefix: +4915123456789")
    read_text(body, "text")
    read_text(body, "from")
    request["said"] = body
    return Parcel(read_key(request.headers), "", "sms")


def _odd(mode: Mode) -> web.Response | None:
    if code := _FAILED.get(mode):
        return web.json_response({"status": "failed", "code": code})
    return odd_answer(mode)


def _compose(request: web.Request, parcel: Parcel, _mode: Mode) -> dict[str, Any]:
    """Kept once for each key, as the journal does."""
    body, now = request["said"], datetime.now(UTC).isoformat(timespec="milliseconds")
    request.app[CONTEXT].store.write(
        "INSERT OR IGNORE INTO sms (key, number, sender, words, received_at)"
        " VALUES (?, ?, ?, ?, ?)",
        parcel.key,
        body["to"],
        read_text(body, "from"),
        read_text(body, "text"),
        now,
    )
    return {"id": f"sms_{secrets.token_hex(8)}", "status": "accepted", "accepted_at": now}


def _latest(request: web.Request) -> list[dict[str, Any]]:
    rows = request.app[CONTEXT].store.rows(
        "SELECT number, sender, words, key, received_at FROM sms ORDER BY id DESC LIMIT ?", _SHOWN
    )
    return [dict(row) for row in rows]


async def _as_json(request: web.Request) -> web.Response:
    return web.json_response(_latest(request))


async def _book(request: web.Request) -> web.Response:
    settings = request.app[CONTEXT].settings
    rows = "".join(
        f"<li><b>{e(one['words'])}</b><p>to {e(one['number'])} · from {e(one['sender'])} ·"
        f" {clock(one['received_at'], settings.zone)}</p></li>"
        for one in _latest(request)
    )
    shown = f'<ul class="mails">{rows}</ul>' if rows else "<p>No SMS yet.</p>"
    head = (
        f"{ways(settings)}<header><h1>SMS</h1><p>Nothing leaves this machine.</p>"
        '<nav><a href="/">Sandbox</a> <a href="/sms">Refresh</a></nav></header>'
    )
    return page("SMS", head + shown)
