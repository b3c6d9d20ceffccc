"""What the AI service answered, read as data: all of it may be wrong.

Its protocol is that of chat completions, which most services speak. Whatever cannot be shown has a
reason, in a sentence for staff.
"""

import json
from dataclasses import dataclass
from typing import Any

from contact.models import LONGEST_WORDS
from deferral.errors import Retry
from deferral.external.breakers import Call
from deferral.external.exchanges import Answer
from deferral.failure_kinds import FailureKind
from deferral.text.foreign import one_line
from deferral.text.redaction import storable

# More is no count of the tokens of one answer.
MOST_TOKENS = 10_000_000
LONGEST_SAID = 200
TOO_LONG = "The service sent more than we read."
STREAM = "The service sent a stream, which was not asked for."
NO_JSON = "The service sent something that is no answer of its protocol."
EMPTY = "The service sent an empty answer."
FILTERED = "The service's filter stopped the answer."
TOOLS = "The service wanted to use a tool. It is given none."
ENDED_EARLY = "The service stopped before its end: it had used the tokens it may use."
WE_CUT = "Longer than an answer may be: the rest was left out."


@dataclass(frozen=True, kw_only=True, slots=True)
class Used:
    """Tokens, as the service counts them."""

    tokens_in: int
    tokens_out: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """`words` to show, if any; what is wrong; and what it took, None where that is not said."""

    words: str = ""
    problem: str = ""
    used: Used | None = None


def read_answer(answer: Answer, call: Call) -> Reading:
    """What a success says. Retry where it says in truth that the service failed."""
    if not answer.is_whole:
        return Reading(problem=TOO_LONG)
    body = _object(answer.text)
    if body is None:
        return Reading(problem=STREAM if answer.text.lstrip().startswith("data:") else NO_JSON)
    if body.get("error"):
        raise _failed(body["error"], call)
    words, problem = _said(body)
    return Reading(words=words, problem=problem, used=_used(body.get("usage")))


def _object(text: str) -> dict[str, Any] | None:
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _failed(error: object, call: Call) -> Retry:
    """An error under a status that says success: nothing was made."""
    told = error.get("message") if isinstance(error, dict) else error
    cause = "AI service answered an error with a success"
    reason = f"{cause}: {one_line(told, LONGEST_SAID)}"
    call.failed(reason, FailureKind.UNABLE)
    return Retry(reason, cause=cause, failure_kind=FailureKind.UNABLE)


def _said(body: dict[str, Any]) -> tuple[str, str]:
    """Text and problem. Text of an answer that ended early is shown, with that."""
    choices = body.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    message = first.get("message") if isinstance(first, dict) else None
    if not isinstance(first, dict) or not isinstance(message, dict):
        return "", NO_JSON
    ended = first.get("finish_reason")
    if ended == "content_filter":
        return "", FILTERED
    if refusal := one_line(message.get("refusal"), LONGEST_SAID):
        return "", f"The service declined: {refusal}"
    return _text(message, ended)


def _text(message: dict[str, Any], ended: object) -> tuple[str, str]:
    content = message.get("content")
    # What stands at the end of so much may be half a secret, and is cut off afterwards.
    found = content[: 2 * LONGEST_WORDS] if isinstance(content, str) else ""
    words = storable(found).strip()
    if not words:
        return "", TOOLS if message.get("tool_calls") else EMPTY
    if len(words) > LONGEST_WORDS:
        return words[:LONGEST_WORDS], WE_CUT
    return words, ENDED_EARLY if ended == "length" else ""


def _used(usage: object) -> Used | None:
    found = usage if isinstance(usage, dict) else {}
    counts = [found.get("prompt_tokens"), found.get("completion_tokens")]
    if not all(type(count) is int and 0 <= count <= MOST_TOKENS for count in counts):
        return None
    return Used(tokens_in=counts[0], tokens_out=counts[1])  # type: ignore[arg-type]  # asked above
