"""What an AI service may answer under a status of success: each is read, and none believed."""

import json
from typing import Any

import pytest

from contact.drafting.reading import (
    EMPTY,
    ENDED_EARLY,
    FILTERED,
    NO_JSON,
    STREAM,
    TOO_LONG,
    TOOLS,
    WE_CUT,
    Used,
    read_answer,
)
from contact.models import LONGEST_WORDS
from deferral.errors import Retry
from deferral.external.breakers import Call
from deferral.external.exchanges import Answer
from deferral.failure_kinds import FailureKind


def answered(text: str, *, is_whole: bool = True) -> Answer:
    return Answer(status=200, text=text, is_whole=is_whole)


def saying(content: object, ended: object = "stop", **facts: Any) -> Answer:
    message = {"role": "assistant", "content": content, **facts.pop("message", {})}
    return answered(
        json.dumps({"choices": [{"message": message, "finish_reason": ended}], **facts})
    )


def read(answer: Answer) -> tuple[str, str]:
    found = read_answer(answer, Call(probe=False))
    return found.words, found.problem


def test_a_text_is_shown() -> None:
    assert read(saying("  Dear you,\n\nwe look.  ")) == ("Dear you,\n\nwe look.", "")


def test_what_it_used_is_kept() -> None:
    usage = {"prompt_tokens": 120, "completion_tokens": 40, "total_tokens": 160}

    found = read_answer(saying("Yes.", usage=usage), Call(probe=False))

    assert found.used == Used(tokens_in=120, tokens_out=40)


@pytest.mark.parametrize(
    "usage",
    [
        None,
        [],
        "much",
        {},
        {"prompt_tokens": -1, "completion_tokens": 1},
        {"prompt_tokens": True, "completion_tokens": 1},
        {"prompt_tokens": 1.5, "completion_tokens": 1},
        {"prompt_tokens": 1, "completion_tokens": 10**18},
        {"prompt_tokens": "1", "completion_tokens": 1},
    ],
)
def test_counts_that_are_none_are_not_believed(usage: object) -> None:
    assert read_answer(saying("Yes.", usage=usage), Call(probe=False)).used is None


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (saying(""), EMPTY),
        (saying(" \u200b\n"), EMPTY),
        (saying(None), EMPTY),
        (saying(["Yes."]), EMPTY),
        (saying(None, "tool_calls", message={"tool_calls": [{"id": "1"}]}), TOOLS),
        (saying("Half", "content_filter"), FILTERED),
        (saying(None, message={"refusal": "I\nwill not."}), "The service declined: I will not."),
        (answered("<!doctype html><p>Log in"), NO_JSON),
        (answered(""), NO_JSON),
        (answered("[]"), NO_JSON),
        (answered('{"choices": []}'), NO_JSON),
        (answered('{"choices": {"0": 1}}'), NO_JSON),
        (answered('{"choices": ["Yes."]}'), NO_JSON),
        (answered('{"choices": [{"message": "Yes."}]}'), NO_JSON),
        (answered("[" * 100_000), NO_JSON),
        (answered('data: {"choices": []}\n\ndata: [DONE]\n'), STREAM),
        (answered('{"choices": [', is_whole=False), TOO_LONG),
    ],
)
def test_what_cannot_be_shown_is_said(answer: Answer, problem: str) -> None:
    assert read(answer) == ("", problem)


def test_text_that_ended_early_is_shown_and_said() -> None:
    assert read(saying("Dear you, we", "length")) == ("Dear you, we", ENDED_EARLY)


def test_more_than_an_answer_may_have_is_cut_and_said() -> None:
    words, problem = read(saying("word " * 10_000))

    assert len(words) <= LONGEST_WORDS
    assert problem == WE_CUT


def test_what_nobody_sees_or_no_database_takes_is_left_out() -> None:
    words, _ = read(saying("a\x00b\u202ec\ud800 Bearer abc.def"))

    assert "\x00" not in words
    assert "\u202e" not in words
    assert "Bearer [redacted]" in words
    words.encode()


@pytest.mark.parametrize("error", [{"message": "over\x00load"}, "overload", 7, {"code": 500}])
def test_an_error_under_a_success_is_a_failure_of_the_service(error: object) -> None:
    call = Call(probe=False)

    with pytest.raises(Retry) as caught:
        read_answer(answered(json.dumps({"error": error})), call)

    assert caught.value.failure_kind is FailureKind.UNABLE
    assert call.observed.failures == 1
