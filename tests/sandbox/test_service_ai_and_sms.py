"""The AI service and who sends SMS, as the sandbox plays them."""

from typing import Any

import pytest
import requests

from tests.rig.running_sandbox import Sandbox

KEY = {"Authorization": "Bearer sandbox"}
ASKED = {"model": "m", "messages": [{"role": "user", "content": "Hello."}]}
SMS = {"to": "+4915123456789", "from": "Halyard", "text": "Your <b>parcel</b> has left."}


def post(sandbox: Sandbox, path: str, body: object, key: str, headers: Any = None) -> Any:
    sent = {"Idempotency-Key": key, **(KEY if headers is None else headers)}
    return requests.post(sandbox.url + path, json=body, headers=sent, timeout=9)


def test_a_draft_has_the_shape_of_its_protocol(sandbox: Sandbox) -> None:
    body = post(sandbox, "/ai/chat/completions", ASKED, "ai-1").json()

    [choice] = body["choices"]
    assert choice["message"]["content"].startswith("Thank you")
    assert choice["finish_reason"] == "stop"
    assert body["usage"]["completion_tokens"] > 10


def test_a_key_again_is_the_first_answer_again(sandbox: Sandbox) -> None:
    first, second = (post(sandbox, "/ai/chat/completions", ASKED, "ai-2") for _ in range(2))

    assert first.json() == second.json()
    assert second.headers["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize("path", ["/ai/chat/completions", "/sms/messages"])
def test_without_a_key_nobody_is_let_in(sandbox: Sandbox, path: str) -> None:
    body = SMS if path.startswith("/sms") else ASKED

    assert post(sandbox, path, body, "in-1", headers={}).status_code == 401


@pytest.mark.parametrize("wrong", [{"to": "0151"}, {"to": None}, {"text": " "}, {"from": 7}])
def test_an_sms_that_cannot_be_sent_is_400(sandbox: Sandbox, wrong: dict[str, Any]) -> None:
    assert post(sandbox, "/sms/messages", SMS | wrong, "sms-0").status_code == 400


def test_the_book_shows_an_sms_once_and_as_text(sandbox: Sandbox) -> None:
    for _ in range(2):
        assert post(sandbox, "/sms/messages", SMS, "sms-1").json()["status"] == "accepted"

    taken = [one for one in sandbox.get("/sms.json") if one["key"] == "sms-1"]
    assert [one["words"] for one in taken] == [SMS["text"]]
    page = requests.get(f"{sandbox.url}/sms", timeout=9).text
    assert "Your &lt;b&gt;parcel&lt;/b&gt; has left." in page


def test_what_is_not_taken_stands_in_no_book(sandbox: Sandbox) -> None:
    sandbox.fault("sms", mode="no-credit")
    answer = post(sandbox, "/sms/messages", SMS, "sms-2")
    sandbox.fault("sms", mode="ok")

    assert (answer.status_code, answer.json()["status"]) == (200, "failed")
    assert not [one for one in sandbox.get("/sms.json") if one["key"] == "sms-2"]
