"""The counter of the payment provider: who asks, was it asked before, what came of it."""

import asyncio
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from aiohttp import web

from sandbox.context import Context
from sandbox.fault_switches import REFUSALS, Mode
from sandbox.faults import Refused, enter, gone, leave
from sandbox.journal import Parcel
from sandbox.payment import form
from sandbox.payment.errors import PaymentError, own_fault
from sandbox.payment.expansion import expand
from sandbox.payment.idempotency import Question, Replays, Reply
from sandbox.payment.notices import Notifier
from sandbox.payment.objects import API_VERSION, PaymentObjects
from sandbox.payment.request import PaymentRequest, bank_seconds, is_lost
from sandbox.payment.turns import Turns

log = logging.getLogger("sandbox")

_LONGEST_KEY = 255
# Only these enter the journal; making or cancelling an intent moves no money.
_LEDGER_EFFECTS = ("charge", "refund")


@dataclass(frozen=True)
class Operation:
    """`run` is called inside one transaction; a bank that is asked takes time first."""

    effect: str
    run: Callable[[PaymentRequest], Reply]
    asks_bank: bool = False


@dataclass(frozen=True)
class Counter:
    """Serves one request at a time per key."""

    context: Context
    objects: PaymentObjects
    replays: Replays
    notifier: Notifier
    turns: Turns

    async def serve(
        self, request: web.Request, operation: Operation, asked: PaymentRequest
    ) -> web.Response:
        """Carry an operation out once per key, and answer a repeat like the first time."""
        question = Question(asked.key, request.path, asked.form)
        mode = await self._enter(request, question)
        asked = replace(asked, mode=mode)
        if not asked.key:
            return await self._first(operation, asked, question, mode)
        with self.replays.hold(question):
            kept = self.replays.find(question)
            if kept is None:
                return await self._first(operation, asked, question, mode)
        self._repeat(operation, asked)
        leave(Mode.LOST_REPLY if operation.asks_bank and is_lost(asked) else mode)
        return answer(kept, {"Idempotency-Key": asked.key, "Idempotent-Replayed": "true"})

    async def _first(
        self, operation: Operation, asked: PaymentRequest, question: Question, mode: Mode
    ) -> web.Response:
        if operation.asks_bank:
            usual = self.context.settings.latency("payment")
            await asyncio.sleep(max(usual, bank_seconds(asked)))
        reply = self._carry_out(operation, asked, question)
        leave(Mode.LOST_REPLY if reply.reply_lost else mode)
        return answer(reply, {"Idempotency-Key": asked.key} if asked.key else {})

    def _carry_out(self, operation: Operation, asked: PaymentRequest, question: Question) -> Reply:
        with self.context.store.transaction():
            reply = operation.run(asked)
            reply = Reply(
                reply.status, expand(self.objects, reply.body, asked.params), reply.reply_lost
            )
            if asked.key:
                self.replays.keep(question, reply)
        self.notifier.ring()
        self.turns.ring()
        log.info("payment %s %s %d", operation.effect, asked.order, reply.status)
        return reply

    async def enter(self, request: web.Request) -> Mode:
        """Pass the faults; one that strikes speaks Stripe here."""
        try:
            return await enter(self.context.faults, "payment", gone(request))
        except Refused as refusal:
            raise own_fault(refusal.status) from None

    async def _enter(self, request: web.Request, question: Question) -> Mode:
        """The same for what has a key: what broke once under it is answered so for ever."""
        try:
            return await self.enter(request)
        except PaymentError as problem:
            if problem.status != REFUSALS[Mode.BROKEN] or not question.key:
                raise
            with self.replays.hold(question):
                if self.replays.find(question) is None:
                    self.replays.keep(question, Reply(problem.status, problem.body()))
                    raise
            return Mode.OK

    def _repeat(self, operation: Operation, asked: PaymentRequest) -> None:
        if operation.effect in _LEDGER_EFFECTS:
            self.context.journal.repeat("payment", Parcel(asked.key, asked.order, operation.effect))

    def refuse(
        self, operation: Operation, asked: PaymentRequest, problem: PaymentError
    ) -> web.Response:
        """Answer an error; a second request that met the first one running counts as a repeat."""
        parcel = Parcel(asked.key, asked.order, operation.effect)
        in_use = problem.fields.get("code") == "idempotency_key_in_use"
        (self.context.journal.repeat if in_use else self.context.journal.refuse)("payment", parcel)
        log.info("payment %s %s refused: %s", operation.effect, asked.order, problem)
        return answer(Reply(problem.status, problem.body()))


async def read_request(counter: Counter, request: web.Request) -> PaymentRequest:
    """Read one POST: form-encoded, with the id from the address."""
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > _LONGEST_KEY or not key.isascii():
        raise PaymentError(400, "Idempotency keys are ASCII of at most 255 characters.")
    told = (await request.read()).decode("utf-8", "replace")
    name = request.match_info.get("name", "")
    return PaymentRequest(
        counter.objects, counter.context.journal, key, name, told, form.decode(told)
    )


def read_query(request: web.Request) -> form.Params:
    """Read the parameters of a GET."""
    return form.decode(urlencode(list(request.query.items())))


def answer(reply: Reply, headers: dict[str, str] | None = None) -> web.Response:
    """Answer as Stripe does."""
    return web.json_response(
        reply.body,
        status=reply.status,
        headers={
            "Request-Id": f"req_{secrets.token_hex(7)}",
            "Stripe-Version": API_VERSION,
            **(headers or {}),
        },
    )
