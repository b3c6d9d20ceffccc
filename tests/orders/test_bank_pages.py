"""Where a customer may be sent: what the provider names is judged first."""

import pytest
from pytest_django.fixtures import Settings

from orders.payments.provider import bank_pages
from orders.payments.provider.reading import Answer

SANDBOX = "http://127.0.0.1:8001"


def redirect(url: object) -> object:
    return {"type": "redirect_to_url", "redirect_to_url": {"url": url}}


def page_of(action: object) -> str:
    return bank_pages.page_of(Answer({"next_action": action}).part("next_action"))


@pytest.fixture(autouse=True)
def _origin(settings: Settings) -> None:
    settings.PAYMENT_BANK_ORIGIN = SANDBOX


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.stripe.com/3d_secure_2/hosted?a=b&c=%7B%7D#d",
        "https://[2001:db8::1]:8443/",
        f"{SANDBOX}/bank/pi_1?client_secret=x",
    ],
)
def test_an_encrypted_page_and_the_sandboxs_own_are_followed(url: str) -> None:
    assert page_of(redirect(url)) == url


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.stripe.com/",
        "javascript:alert(1)",
        "data:text/html,<script>",
        "//evil.example/",
        "https:evil.example",
        "https://",
        "https://user:word@evil.example/",
        "https://evil.example/\r\nSet-Cookie: a=b",
        'https://evil.example/"><script>',
        "https://evil.example/ 2",
        "https://evil.example:99999/",
        "https://b\u00e4nk.example/",
        "http://127.0.0.1:8001.evil.example/",
        "http://127.0.0.1:8001@evil.example/",
        "http://127.0.0.1:80010/",
        "https://evil.example/" + "a" * 2_000,
        "",
        None,
        7,
    ],
)
def test_nothing_else_is(url: object) -> None:
    assert page_of(redirect(url)) == ""


@pytest.mark.parametrize(
    "action",
    [
        None,
        {"type": "use_stripe_sdk", "use_stripe_sdk": {}},
        {"type": "redirect_to_url"},
        {"type": "redirect_to_url", "redirect_to_url": None},
        {"type": "redirect_to_url", "redirect_to_url": ["https://bank.example/"]},
        {"type": 7},
        ["redirect_to_url"],
    ],
)
def test_what_needs_a_script_or_has_no_address_is_no_page(action: object) -> None:
    assert page_of(action) == ""


def test_without_a_sandbox_nothing_unencrypted_is_followed(settings: Settings) -> None:
    settings.PAYMENT_BANK_ORIGIN = ""

    assert page_of(redirect("http://127.0.0.1:8001/")) == page_of(redirect("://")) == ""
