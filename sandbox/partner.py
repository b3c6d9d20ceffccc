"""The partner: takes webhooks, and believes only what is signed (Standard Webhooks)."""

from typing import Any

from aiohttp import web
from standardwebhooks import Webhook, WebhookVerificationError

from sandbox.context import CONTEXT
from sandbox.journal import Parcel
from sandbox.reading import Unreadable, read_key, read_object, read_order, read_text
from sandbox.receiving import Forged, receiver


def routes() -> list[web.RouteDef]:
    """The partner's one address."""
    return [web.post("/partner/webhooks", receiver("partner", _read))]


async def _read(request: web.Request) -> Parcel:
    raw = await request.read()
    _verify(request, raw)
    body = read_object(raw)
    data = body.get("data")
    if not isinstance(data, dict):
        raise Unreadable("data", "must be an object")
    key = read_key(request.headers, "webhook-id")
    effect = f"{read_text(body, 'type')}{_part(data)}"
    return Parcel(key, read_order(data, required=False), effect)


def _part(data: dict[str, Any]) -> str:
    """Two refunds of parts of one order are two effects, told apart by their own names.

    What happens to an order a second time says `again`.
    """
    refund = data.get("refund")
    if isinstance(refund, dict):
        return f" {read_text(refund, 'id')}"
    return " again" if data.get("again") is True else ""


def _verify(request: web.Request, raw: bytes) -> None:
    secret = request.app[CONTEXT].settings.partner_secret
    if not secret:
        raise Forged("PARTNER_WEBHOOK_SECRET is not set for the sandbox: nothing can be verified")
    try:
        Webhook(secret).verify(raw, dict(request.headers), json_parse=False)
    except (WebhookVerificationError, ValueError) as problem:
        # ValueError: the library lets broken base64 and broken UTF-8 escape.
        raise Forged(str(problem) or "the signature does not fit") from None
