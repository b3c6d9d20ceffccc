"""The bank's page at /bank/: what is paid to whom, and the customer's answer.

Whoever has the address may answer, as with a real bank's first page: it holds the intent's secret.
"""

import hmac
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from sandbox.formatting import e, page
from sandbox.guards import POLICY, same_origin
from sandbox.payment import asking
from sandbox.payment.counter import Counter
from sandbox.payment.objects import Thing
from sandbox.payment.request import PaymentRequest
from sandbox.receiving import Handler

_ANSWERS = {"approve": asking.approve, "decline": asking.decline}
_SIGNS = {"eur": "€", "usd": "$", "gbp": "£"}


def routes(counter: Counter) -> list[web.RouteDef]:
    """To look, and to answer."""
    return [web.get("/bank/{name}", _look(counter)), web.post("/bank/{name}", _answer(counter))]


def _look(counter: Counter) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        intent = _intent(counter, request)
        back = _way_back(intent)
        body = _question(request, intent, back) if back else _over(intent)
        response = page("Your bank", f'<main class="bank">{body}</main>')
        if back:
            # Browsers check where a form leads in the end: back to the shop.
            there = urlsplit(back)
            shop = f"form-action 'self' {there.scheme}://{there.netloc}"
            response.headers["Content-Security-Policy"] = POLICY.replace("form-action 'self'", shop)
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return handle


def _answer(counter: Counter) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        if not same_origin(request):
            raise web.HTTPForbidden(text="only the bank's own page may do this\n")
        told = (await request.post()).get("answer")
        if told not in _ANSWERS:
            raise web.HTTPBadRequest(text="approve, or decline?\n")
        intent = _intent(counter, request)
        back = _way_back(intent)
        if not back:
            return web.Response(status=303, headers={"Location": request.path_qs})
        asked = PaymentRequest(counter.objects, counter.context.journal, "", intent["id"], "", {})
        with counter.context.store.transaction():
            _ANSWERS[str(told)](asked, intent)
        counter.notifier.ring()
        return web.Response(status=303, headers={"Location": _told(back, intent)})

    return handle


def _intent(counter: Counter, request: web.Request) -> Thing:
    intent = counter.objects.find("payment_intent", request.match_info["name"]) or {}
    told = request.query.get("client_secret", "").encode("utf-8", "replace")
    if not hmac.compare_digest(told, intent.get("client_secret", "").encode() or b"-"):
        raise web.HTTPNotFound(text="no such payment\n")
    return intent


def _way_back(intent: Thing) -> str:
    """Where the shop waits for its customer; empty when there is nothing to answer."""
    asked = intent["next_action"] or {}
    return str(asked.get("redirect_to_url", {}).get("return_url", ""))


def _told(back: str, intent: Thing) -> str:
    """The return address, with what Stripe adds to it."""
    worked = "succeeded" if intent["status"] == "succeeded" else "failed"
    added = {
        "payment_intent": intent["id"],
        "payment_intent_client_secret": intent["client_secret"],
        "redirect_status": worked,
    }
    return f"{back}{'&' if '?' in back else '?'}{urlencode(added)}"


def _question(request: web.Request, intent: Thing, back: str) -> str:
    notes = intent["metadata"]
    order = e(notes.get("number") or notes.get("order", ""))
    return (
        "<h1>Is it you who pays?</h1><p>A bank of the sandbox plays 3-D Secure: no real card, no"
        f' real money.</p><p class="sum">{_sum(intent)}</p>'
        f'<dl class="facts"><div><dt>To</dt><dd>Halyard</dd></div>'
        f"<div><dt>For</dt><dd>order {order}</dd></div>"
        f"<div><dt>Shop</dt><dd>{e(urlsplit(back).netloc)}</dd></div></dl>"
        f'<form class="choices" method="post" action="{e(request.path_qs)}">'
        '<button class="main" name="answer" value="approve">Approve the payment</button>'
        '<button name="answer" value="decline">Decline</button>'
        f'<a class="leave" href="{e(back)}">Leave without an answer</a></form>'
    )


def _over(intent: Thing) -> str:
    what = {"succeeded": "This payment is made.", "canceled": "The shop has called this off."}
    words = what.get(intent["status"], "This payment was declined.")
    return f"<h1>{words}</h1><p>There is nothing to answer here any more: nothing changes.</p>"


def _sum(intent: Thing) -> str:
    sign = _SIGNS.get(intent["currency"], f"{intent['currency'].upper()} ")
    return f"{e(sign)}{intent['amount'] // 100:,}.{intent['amount'] % 100:02}"
