"""The addresses of the payment provider, under /payment/v1/."""

import hmac
from collections.abc import Callable

from aiohttp import web

from sandbox.fault_injection import leave
from sandbox.journal import Parcel
from sandbox.payment import form, intents, lists, refunds
from sandbox.payment.counter import Desk, Operation, answer, read_query, read_slip
from sandbox.payment.errors import PaymentError, unauthorized
from sandbox.payment.expansion import expand
from sandbox.payment.idempotency import Outcome
from sandbox.payment.methods import show_method
from sandbox.payment.objects import Thing, Till
from sandbox.payment.request import Slip
from sandbox.receiving import Handler

_ROOT = "/payment/v1"
_LISTED = ("payment_intent", "charge", "refund", "event")
Look = Callable[[Till, web.Request, form.Params], Thing]


def routes(desk: Desk) -> list[web.RouteDef]:
    """Every address; what is not one of them answers 404 as Stripe does."""
    lists_and_objects = [
        route
        for kind in _LISTED
        for route in (
            _get(desk, f"/{kind}s", _lister(kind)),
            _get(desk, f"/{kind}s/{{name}}", _finder(kind)),
        )
    ]
    return [
        _post(desk, "/payment_intents", _creation),
        _post(desk, "/payment_intents/{name}/confirm", lambda _slip: _CONFIRM),
        _post(desk, "/payment_intents/{name}/cancel", lambda _slip: _CANCEL),
        _post(desk, "/refunds", lambda _slip: _REFUND),
        _get(desk, "/payment_intents/search", _search),
        _get(desk, "/payment_methods/{name}", _method),
        *lists_and_objects,
        web.route("*", "/payment/{tail:.*}", _guarded(desk, _unknown)),
    ]


_CREATE = Operation("create", intents.create)
_CREATE_AND_PAY = Operation("charge", intents.create, asks_bank=True)
_CONFIRM = Operation("charge", intents.confirm, asks_bank=True)
_CANCEL = Operation("cancel", intents.cancel)
_REFUND = Operation("refund", refunds.refund)


def _creation(slip: Slip) -> Operation:
    return _CREATE_AND_PAY if form.flag(slip.params, "confirm") else _CREATE


def _post(desk: Desk, path: str, choose: Callable[[Slip], Operation]) -> web.RouteDef:
    async def handle(request: web.Request) -> web.Response:
        slip = await read_slip(desk, request)
        operation = choose(slip)
        try:
            return await desk.serve(request, operation, slip)
        except PaymentError as problem:
            return desk.refuse(operation, slip, problem)

    return web.post(_ROOT + path, _guarded(desk, handle))


def _get(desk: Desk, path: str, look: Look) -> web.RouteDef:
    async def handle(request: web.Request) -> web.Response:
        mode = await desk.enter(request)
        params = read_query(request)
        found = expand(desk.till, look(desk.till, request, params), params)
        leave(mode)
        return answer(Outcome(200, found))

    return web.get(_ROOT + path, _guarded(desk, handle))


def _guarded(desk: Desk, handler: Handler) -> Handler:
    """Ask for the secret key first, and speak Stripe's errors."""
    expected = f"Bearer {desk.scene.settings.payment_key}".encode()

    async def handle(request: web.Request) -> web.StreamResponse:
        told = request.headers.get("Authorization", "").encode("utf-8", "replace")
        try:
            if not hmac.compare_digest(told, expected):
                raise unauthorized()
            return await handler(request)
        except PaymentError as problem:
            desk.scene.book.refuse("payment", Parcel("", "", "request"))
            return answer(Outcome(problem.status, problem.body()))

    return handle


async def _unknown(request: web.Request) -> web.Response:
    path = request.path.removeprefix("/payment")
    raise PaymentError(404, f"Unrecognized request URL ({request.method}: {path[:200]}).")


def _lister(kind: str) -> Look:
    return lambda till, _request, params: lists.page(till, kind, f"/v1/{kind}s", params)


def _finder(kind: str) -> Look:
    return lambda till, request, _params: till.get(kind, _name(request))


def _method(_till: Till, request: web.Request, _params: form.Params) -> Thing:
    return show_method(_name(request))


def _search(till: Till, _request: web.Request, params: form.Params) -> Thing:
    return lists.search(till, "payment_intent", "/v1/payment_intents/search", params)


def _name(request: web.Request) -> str:
    return request.match_info["name"]
