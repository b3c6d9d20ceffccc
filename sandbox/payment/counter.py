"""The counter of the payment provider: who asks, was it asked before, what came of it."""

import asyncio
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from aiohttp import web

from sandbox.context import Scene
from sandbox.fault_injection import Refused, enter, gone, leave
from sandbox.faults import REFUSALS, Mode
from sandbox.journal import Parcel
from sandbox.payment import form
from sandbox.payment.errors import PaymentError, trouble
from sandbox.payment.expansion import expand
from sandbox.payment.idempotency import Outcome, Question, Replays
from sandbox.payment.notices import Postman
from sandbox.payment.objects import API_VERSION, Till
from sandbox.payment.request import Slip, bank_seconds, is_lost
from sandbox.payment.turns import Turns

log = logging.getLogger("sandbox")

_LONGEST_KEY = 255
# Only these enter the ledger; making or cancelling an intent moves no money.
_LEDGER_EFFECTS = ("charge", "refund")


@dataclass(frozen=True)
class Operation:
    """`run` is called inside one transaction; a bank that is asked takes time first."""

    effect: str
    run: Callable[[Slip], Outcome]
    asks_bank: bool = False


@dataclass(frozen=True)
class Desk:
    """Serves one request at a time per key."""

    scene: Scene
    till: Till
    replays: Replays
    postman: Postman
    turns: Turns

    async def serve(self, request: web.Request, operation: Operation, slip: Slip) -> web.Response:
        """Carry an operation out once per key, and answer a repeat like the first time."""
        question = Question(slip.key, request.path, slip.form)
        mode = await self._enter(request, question)
        slip = replace(slip, mode=mode)
        if not slip.key:
            return await self._first(operation, slip, question, mode)
        with self.replays.hold(question):
            kept = self.replays.find(question)
            if kept is None:
                return await self._first(operation, slip, question, mode)
        self._repeat(operation, slip)
        leave(Mode.LOST_REPLY if operation.asks_bank and is_lost(slip) else mode)
        return answer(kept, {"Idempotency-Key": slip.key, "Idempotent-Replayed": "true"})

    async def _first(
        self, operation: Operation, slip: Slip, question: Question, mode: Mode
    ) -> web.Response:
        if operation.asks_bank:
            usual = self.scene.settings.latency("payment")
            await asyncio.sleep(max(usual, bank_seconds(slip)))
        outcome = self._carry_out(operation, slip, question)
        leave(Mode.LOST_REPLY if outcome.reply_lost else mode)
        return answer(outcome, {"Idempotency-Key": slip.key} if slip.key else {})

    def _carry_out(self, operation: Operation, slip: Slip, question: Question) -> Outcome:
        with self.scene.store.transaction():
            outcome = operation.run(slip)
            outcome = Outcome(
                outcome.status, expand(self.till, outcome.body, slip.params), outcome.reply_lost
            )
            if slip.key:
                self.replays.keep(question, outcome)
        self.postman.ring()
        self.turns.ring()
        log.info("payment %s %s %d", operation.effect, slip.order, outcome.status)
        return outcome

    async def enter(self, request: web.Request) -> Mode:
        """Pass the gate; a fault speaks Stripe here."""
        try:
            return await enter(self.scene.faults, "payment", gone(request))
        except Refused as refusal:
            raise trouble(refusal.status) from None

    async def _enter(self, request: web.Request, question: Question) -> Mode:
        """The same for what has a key: what broke once under it is answered so for ever."""
        try:
            return await self.enter(request)
        except PaymentError as problem:
            if problem.status != REFUSALS[Mode.BROKEN] or not question.key:
                raise
            with self.replays.hold(question):
                if self.replays.find(question) is None:
                    self.replays.keep(question, Outcome(problem.status, problem.body()))
                    raise
            return Mode.OK

    def _repeat(self, operation: Operation, slip: Slip) -> None:
        if operation.effect in _LEDGER_EFFECTS:
            self.scene.book.repeat("payment", Parcel(slip.key, slip.order, operation.effect))

    def refuse(self, operation: Operation, slip: Slip, problem: PaymentError) -> web.Response:
        """Answer an error; a second request that met the first one running counts as a repeat."""
        parcel = Parcel(slip.key, slip.order, operation.effect)
        in_use = problem.fields.get("code") == "idempotency_key_in_use"
        (self.scene.book.repeat if in_use else self.scene.book.refuse)("payment", parcel)
        log.info("payment %s %s refused: %s", operation.effect, slip.order, problem)
        return answer(Outcome(problem.status, problem.body()))


async def read_slip(desk: Desk, request: web.Request) -> Slip:
    """Read one POST: form-encoded, with the id from the address."""
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > _LONGEST_KEY or not key.isascii():
        raise PaymentError(400, "Idempotency keys are ASCII of at most 255 characters.")
    told = (await request.read()).decode("utf-8", "replace")
    name = request.match_info.get("name", "")
    return Slip(desk.till, desk.scene.book, key, name, told, form.decode(told))


def read_query(request: web.Request) -> form.Params:
    """Read the parameters of a GET."""
    return form.decode(urlencode(list(request.query.items())))


def answer(outcome: Outcome, headers: dict[str, str] | None = None) -> web.Response:
    """Answer as Stripe does."""
    return web.json_response(
        outcome.body,
        status=outcome.status,
        headers={
            "Request-Id": f"req_{secrets.token_hex(7)}",
            "Stripe-Version": API_VERSION,
            **(headers or {}),
        },
    )
