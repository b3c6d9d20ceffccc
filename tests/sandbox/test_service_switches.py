"""Who may switch faults, and the page that shows them."""

from typing import Any

import pytest
import requests

from sandbox.fault_switches import HINTS, Mode
from tests.rig.running_sandbox import Sandbox
from tests.rig.surroundings import TOKEN


def press(sandbox: Sandbox, headers: dict[str, str] | None = None, **form: str) -> Any:
    fields = {"token": TOKEN, "mode": "ok"} | form
    url = f"{sandbox.url}/faults/crm"
    return requests.post(url, data=fields, headers=headers, timeout=5, allow_redirects=False)


def mode(sandbox: Sandbox) -> str:
    return str(sandbox.get("/faults.json")["crm"]["mode"])


@pytest.mark.parametrize("token", ["", "wrong", "\xe9"])
def test_a_fault_needs_the_token(sandbox: Sandbox, token: str) -> None:
    headers = {"X-Sandbox-Token": token.encode("latin-1")}
    url = f"{sandbox.url}/faults/crm"
    answer = requests.put(url, json={"mode": "503"}, headers=headers, timeout=5)

    assert answer.status_code == 403
    assert press(sandbox, token="wrong", mode="503").status_code == 403
    assert mode(sandbox) == "ok"


@pytest.mark.parametrize(
    "fault",
    [
        {},
        {"mode": "on fire"},
        {"mode": "503", "rate": 101},
        {"mode": "503", "rate": -1},
        {"mode": "503", "rate": 0.5},
        {"mode": "503", "rate": True},
        {"mode": "503", "seconds": 0},
        {"mode": "503", "seconds": 1e300},
        {"mode": "503", "seconds": float("nan")},
        {"mode": "503", "seconds": [1]},
    ],
)
def test_a_fault_that_cannot_be_is_400(sandbox: Sandbox, fault: dict[str, Any]) -> None:
    answer = requests.put(
        f"{sandbox.url}/faults/crm",
        data=str(fault).replace("'", '"').replace("nan", "NaN").replace("True", "true"),
        headers={"X-Sandbox-Token": TOKEN},
        timeout=5,
    )
    assert answer.status_code == 400
    assert mode(sandbox) == "ok"


def test_an_unknown_service_is_404(sandbox: Sandbox) -> None:
    assert sandbox.fault("postman", mode="503").status_code == 404


def test_a_number_will_do_as_a_mode(sandbox: Sandbox) -> None:
    assert sandbox.fault("crm", mode=503, rate=0).json() == {
        "service": "crm",
        "mode": "503",
        "rate": 0,
        "seconds": None,
    }
    assert sandbox.reserve("H-1", "zero-percent", "print-room").status_code == 201
    sandbox.fault("crm", mode="ok")


def test_every_button_says_what_it_does(sandbox: Sandbox) -> None:
    shown = requests.get(sandbox.url, timeout=5).text

    for mode_ in Mode:
        assert f">{mode_}<small>{HINTS[mode_]}</small></button>" in shown


def test_a_button_sets_a_fault_and_shows_the_page_again(sandbox: Sandbox) -> None:
    same = {"Origin": sandbox.url, "Sec-Fetch-Site": "same-origin"}
    answer = press(sandbox, same, mode="410", rate="40", seconds="60")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/#crm")
    assert (mode(sandbox), sandbox.get("/faults.json")["crm"]["rate"]) == ("410", 40)
    assert "answers 410" in requests.get(sandbox.url, timeout=5).text
    press(sandbox, same, rate="", seconds="")
    assert mode(sandbox) == "ok"


def test_one_button_ends_all_faults_and_is_there_while_there_are_any(sandbox: Sandbox) -> None:
    assert "All ok" not in requests.get(sandbox.url, timeout=5).text
    for name in ("crm", "mail", "payment"):
        sandbox.fault(name, mode="503")
    assert "3 misbehave<" in requests.get(sandbox.url, timeout=5).text

    heal = f"{sandbox.url}/faults"
    assert requests.post(heal, data={"token": "wrong"}, timeout=5).status_code == 403
    answer = requests.post(heal, data={"token": TOKEN}, timeout=5, allow_redirects=False)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert {fault["mode"] for fault in sandbox.get("/faults.json").values()} == {"ok"}


def test_every_page_leads_to_the_shop_and_to_the_others(sandbox: Sandbox) -> None:
    sandbox_, inbox = (requests.get(url, timeout=5).text for url in (sandbox.url, sandbox.inbox))

    for page in (sandbox_, inbox):
        assert f'href="{sandbox.url}/"' in page
        assert f'href="{sandbox.inbox}/"' in page
        assert 'href="http://shop.example/admin/"' in page


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://127.0.0.1:9"},
        {"Origin": "null"},
    ],
)
def test_another_site_cannot_press_a_button(sandbox: Sandbox, headers: dict[str, str]) -> None:
    assert press(sandbox, headers, mode="503").status_code == 403
    assert mode(sandbox) == "ok"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", ""])
def test_a_rebound_name_reads_nothing(sandbox: Sandbox, host: str) -> None:
    for url in (sandbox.url, sandbox.inbox):
        answer = requests.get(url, headers={"Host": host}, timeout=5)
        assert answer.status_code in (400, 421)
        assert TOKEN not in answer.text


def test_the_page_shows_what_happened_and_escapes_it(sandbox: Sandbox) -> None:
    for key in ("one", "two"):
        sandbox.post("/audit-archive/entries", {"order": "H-<b>", "action": "<script>x"}, key)

    answer = requests.get(sandbox.url, timeout=5)
    assert "Accepted under more than one key" in answer.text
    assert "&lt;script&gt;x" in answer.text
    assert "<script" not in answer.text
    assert "style=" not in answer.text
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    for asset in ("/style.css", "/favicon.svg"):
        assert requests.get(sandbox.url + asset, timeout=5).status_code == 200
