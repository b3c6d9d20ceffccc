"""The AI service: the protocol of chat completions, as far as a draft needs it.

It writes the same to everybody: no model runs here. What it counts as tokens is a quarter of the
letters, which is about what models do.
"""

import json
import secrets
import time
from typing import Any

from aiohttp import web

from sandbox.fault_switches import Mode
from sandbox.journal import Parcel
from sandbox.odd_answers import odd_answer
from sandbox.reading import Unreadable, read_key, read_object, read_text
from sandbox.receiving import Forged, receiver

_DRAFT = (
    "Thank you for your message.\n\nWe are sorry that you had to write to us about this. [Look up:"
    " what happened to the order, and say it here.]\n\nPlease write to us again if anything else"
    " is open.\n\nKind regards\nHalyard"
)
_SIGNS_A_TOKEN = 4


def routes() -> list[web.RouteDef]:
    """Its one address."""
    handler = receiver("ai", _read, compose=_compose, odd=odd_answer)
    return [web.post("/ai/chat/completions", handler)]


async def _read(request: web.Request) -> Parcel:
    if not request.headers.get("Authorization", "").startswith("Bearer "):
        raise Forged("a key is missing: Authorization: Bearer …")
    body = read_object(await request.read())
    read_text(body, "model")
    turns = body.get("messages")
    if not isinstance(turns, list) or not turns:
        raise Unreadable("messages", "must be a list with at least one turn")
    for turn in turns:
        if not isinstance(turn, dict):
            raise Unreadable("each turn", "must be an object")
        read_text(turn, "role")
        read_text(turn, "content")
    request["said"] = body
    return Parcel(read_key(request.headers), "", "draft")


def _compose(request: web.Request, _parcel: Parcel, mode: Mode) -> dict[str, Any]:
    body = request["said"]
    message: dict[str, Any] = {"role": "assistant", "content": _DRAFT}
    if mode is Mode.CUT:
        message["content"] = _DRAFT[: len(_DRAFT) // 2]
    if mode is Mode.DECLINES:
        message |= {"content": None, "refusal": "I cannot help with that."}
    used_in = len(json.dumps(body["messages"])) // _SIGNS_A_TOKEN
    used_out = len(message["content"] or "") // _SIGNS_A_TOKEN
    ended = "length" if mode is Mode.CUT else "stop"
    return {
        "id": f"chatcmpl-{secrets.token_hex(8)}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": body["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": ended}],
        "usage": {
            "prompt_tokens": used_in,
            "completion_tokens": used_out,
            "total_tokens": used_in + used_out,
        },
    }
