"""The AI service: one POST of the chat completions protocol, without tools and without a stream.

Slow, dear and limited. A call has a minute; how many are under way at once, and how often it may
fail, is the machinery's (`deferral.external`). The job's key goes along as Idempotency-Key: a
service that honours it is paid once for a job that a killed worker begins twice. Most do not: there
a repeat is paid again, which is written down as a call of its own.
"""

from collections.abc import Sequence

import requests
from django.conf import settings
from urllib3.exceptions import NewConnectionError

from contact.drafting.reading import Reading, read_answer
from deferral.errors import Outcome
from deferral.external.exchanges import Limits
from deferral.external.http import ask
from deferral.external_services import external_service
from deferral.failure_kinds import said

AI_SERVICE = external_service("AI service")
# Seconds, of silence and in all; bytes. A task has eighty.
LIMITS = Limits(part=60, whole=60, most_read=262_144)
# Tokens: 150 words are 200 in English, and several times as many in some scripts.
MOST_OUT = 800
# What it says before it begins: not so, no key, not allowed, not here, too many.
REFUSED = (400, 401, 403, 404, 429)


def nothing_ran(outcome: Outcome) -> bool:
    """Whether it is sure that nothing was made: no connection, or refused before it began.

    A service may have worked, and be paid, before it failed or grew silent.
    """
    if outcome.cause in {said(AI_SERVICE, status) for status in REFUSED}:
        return True
    error = outcome.__cause__
    if not isinstance(error, requests.ConnectionError):
        return False
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(error, requests.ConnectTimeout) or isinstance(reason, NewConnectionError)


def complete(turns: Sequence[dict[str, str]], *, key: str) -> Reading:
    """Have the conversation gone on with. Retry, Bury and ServiceAway as `ask` says."""
    return ask(
        AI_SERVICE,
        f"{settings.AI_URL}/chat/completions",
        key=key,
        content={
            "model": settings.AI_MODEL,
            "messages": list(turns),
            "max_tokens": MOST_OUT,
            "stream": False,
        },
        headers={"Authorization": f"Bearer {settings.AI_KEY}"},
        limits=LIMITS,
        read=read_answer,
    )
