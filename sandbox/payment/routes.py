"""The addresses of the payment provider, under /payment/v1/."""

import hmac
from collections.abc import Callable

from aiohttp import web

from sandbox.faults import leave
from sandbox.journal import Parcel
from sandbox.payment import form, intents, lists, refunds
from sandbox.payment.counter import Counter, Operation, answer, read_query, read_request
from sandbox.payment.errors import PaymentError, unauthorized
from sandbox.payment.expansion import expand
from sandbox.payment.idempotency import Reply
from sandbox.payment.methods import show_method
from sandbox.payment.objects import PaymentObjects, Thing
from sandbox.payment.request import PaymentRequest
from sandbox.receiving import Handler

_ROOT = "/payment/v1"
_LISTED = ("payment_intent", "charge", "refund", "event")
Look = Callable[[PaymentObjects, web.Request, form.Params], Thing]


def routes(counter: Counter) -> list[web.RouteDef]:
    """Every address; what is not one of them answers 404 as Stripe does."""
    lists_and_objects = [
        route
        for kind in _LISTED
        for route in (
            _get(counter, f"/{kind}s", _lister(kind)),
            _get(counter, f"/{kind}s/{{name}}", _finder(kind)),
        )
    ]
    return [
        _post(counter, "/payment_intents", _creation),
        _post(counter, "/payment_intents/{name}/confirm", lambda _slip: _CONFIRM),
        _post(counter, "/payment_intents/{name}/cancel", lambda _slip: _CANCEL),
        _post(counter, "/refunds", lambda _slip: _REFUND),
        _get(counter, "/payment_intents/search", _search),
        _get(counter, "/payment_methods/{name}", _method),
        *lists_and_objects,
        web.route("*", "/payment/{tail:.*}", _guarded(counter, _unknown)),
    ]


_CREATE = Operation("create", intents.create)
_CREATE_AND_PAY = Operation("charge", intents.create, asks_bank=True)
_CONFIRM = Operation("charge", intents.confirm, asks_bank=True)
_CANCEL = Operation("cancel", intents.cancel)
_REFUND = Operation("refund", refunds.refund)


def _creation(asked: PaymentRequest) -> Operation:
    return _CREATE_AND_PAY if form.flag(asked.params, "confirm") else _CREATE


def _post(
    counter: Counter, path: str, choose: Callable[[PaymentRequest], Operation]
) -> web.RouteDef:
    async def handle(request: web.Request) -> web.Response:
        asked = await read_request(counter, request)
        operation = choose(asked)
        try:
            return await counter.serve(request, operation, asked)
        except PaymentError as problem:
            return counter.refuse(operation, asked, problem)

    return web.post(_ROOT + path, _guarded(counter, handle))


def _get(counter: Counter, path: str, look: Look) -> web.RouteDef:
    async def handle(request: web.Request) -> web.Response:
        mode = await counter.enter(request)
        params = read_query(request)
        found = expand(counter.objects, look(counter.objects, request, params), params)
        leave(mode)
        return answer(Reply(200, found))

    return web.get(_ROOT + path, _guarded(counter, handle))


def _guarded(counter: Counter, handler: Handler) -> Handler:
    """Ask for the secret key first, and speak Stripe's errors."""
    expected = f"Bearer {counter.context.settings.payment_key}".encode()

    async def handle(request: web.Request) -> web.StreamResponse:
        told = request.headers.get("Authorization", "").encode("utf-8", "replace")
        try:
            if not hmac.compare_digest(told, expected):
                raise unauthorized()
            return await handler(request)
        except PaymentError as problem:
            counter.context.journal.refuse("payment", Parcel("", "", "request"))
            return answer(Reply(problem.status, problem.body()))

    return handle


async def _unknown(request: web.Request) -> web.Response:
    path = request.path.removeprefix("/payment")
    raise PaymentError(404, f"Unrecognized request URL ({request.method}: {path[:200]}).")


def _lister(kind: str) -> Look:
    return lambda objects, _request, params: lists.page(objects, kind, f"/v1/{kind}s", params)


def _finder(kind: str) -> Look:
    return lambda objects, request, _params: objects.get(kind, _name(request))


def _method(_objects: PaymentObjects, request: web.Request, _params: form.Params) -> Thing:
    return show_method(_name(request))


def _search(objects: PaymentObjects, _request: web.Request, params: form.Params) -> Thing:
    return lists.search(objects, "payment_intent", "/v1/payment_intents/search", params)


def _name(request: web.Request) -> str:
    return request.match_info["name"]
