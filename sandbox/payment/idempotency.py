"""Stripe's idempotency: one key, one reply (docs.stripe.com/api/idempotent_requests).

The reply is kept in the transaction that brings it about, declines included, and a 500 too. What
failed validation, or was turned away before it began (503), is not kept. While the first request
with a key runs, another gets 409. Keys live as long as the data directory; Stripe drops them after
a day or more.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sandbox.payment.errors import key_in_use, key_reused
from sandbox.store import Store


@dataclass(frozen=True)
class Reply:
    """`reply_lost`: it is done, but nobody will be told."""

    status: int
    body: dict[str, Any]
    reply_lost: bool = False


@dataclass(frozen=True)
class Question:
    """What makes two requests the same."""

    key: str
    path: str
    form: str

    @property
    def fingerprint(self) -> str:
        """A digest of the parameters, whatever their order."""
        return hashlib.sha256("&".join(sorted(self.form.split("&"))).encode()).hexdigest()


class Replays:
    """Replies by key, and the keys in use."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._running: dict[str, Question] = {}

    def find(self, question: Question) -> Reply | None:
        """Return the reply kept for this very question, or raise when the key names another."""
        row = self._store.row("SELECT * FROM payment_answer WHERE key = ?", question.key)
        if row is None:
            return None
        _same(question, row["path"], row["fingerprint"])
        return Reply(row["status"], json.loads(row["body"]))

    @contextmanager
    def hold(self, question: Question) -> Iterator[None]:
        """Hold the key while its request runs."""
        first = self._running.setdefault(question.key, question)
        if first is not question:
            _same(question, first.path, first.fingerprint)
            raise key_in_use()
        try:
            yield
        finally:
            del self._running[question.key]

    def keep(self, question: Question, reply: Reply) -> None:
        """Keep a reply; call it in the transaction that makes it true."""
        self._store.write(
            "INSERT INTO payment_answer (key, path, fingerprint, status, body)"
            " VALUES (?, ?, ?, ?, ?)",
            question.key,
            question.path,
            question.fingerprint,
            reply.status,
            json.dumps(reply.body),
        )


def _same(question: Question, path: str, fingerprint: str) -> None:
    if question.path != path:
        raise key_reused(question.key, "endpoint")
    if question.fingerprint != fingerprint:
        raise key_reused(question.key, "parameters")
