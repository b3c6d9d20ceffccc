"""Whatever is sent, wherever to: a clear answer, no error of ours, and nothing stored half.

CI sends all of it everywhere; at home each address, method and header gets a share of it.
"""

import itertools
import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.http import HttpResponseBase
from django.test import Client

from deferral.models import Event, Job
from orders.models import Order
from tests.deferral.staff import a_dead_job, sitting
from tests.orders.buying import paid
from tests.proofs.hostile.addresses import addresses, filled
from tests.proofs.hostile.words import FIELDS, HEADERS, NASTY, QUERY, some
from tests.rig.depth import THOROUGH
from tests.shop.buying import fill_cart, form_values

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]
# Every so many words, or methods.
EVERY, OFTEN = (1, 1) if THOROUGH else (48, 6)
ADDRESSES = addresses()
# For the processes that run tests.
SHARES = 4
METHODS = ("put", "patch", "delete", "options", "trace", "head")


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Every refusal is a warning; of an error of ours the log tells all the same."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def people() -> list[Client]:
    """A visitor with something in the cart, and somebody who may do everything."""
    call_command("seed", verbosity=0)
    paid()
    a_dead_job()
    visitor, staff = Client(), sitting(superuser=True)
    fill_cart(visitor, harbour_mug=1)
    for person in (visitor, staff):
        person.raise_request_exception = False
    return [visitor, staff]


def books() -> tuple[int, int, int]:
    """What is stored: no nasty form is an order."""
    return Order.objects.count(), Event.objects.count(), Job.objects.count()


def fine(answer: HttpResponseBase, what: str) -> None:
    """No error of ours; a download is read to its end, for it may fail on the way."""
    if answer.streaming:
        b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # of streaming ones
    assert answer.status_code < 500, f"{answer.status_code} for {what[:300]!r}"


@pytest.mark.parametrize("share", range(SHARES))
def test_an_address_survives_what_is_sent_to_it(share: int, people: list[Client]) -> None:
    before = books()
    for address in ADDRESSES[share::SHARES]:
        bother(people["admin/" in address], address)
    assert books() == before


def bother(person: Client, address: str) -> None:
    """By its query, by a form, and by what is no form."""
    for number, word in enumerate(some(len(address), EVERY)):
        path = filled(address, word)
        name = QUERY[(number * 7 + len(address)) % len(QUERY)]
        query = urlencode({name: word, QUERY[number % len(QUERY)]: word})
        fine(person.get(f"{path}?{query}"), f"GET {path}?{query}")
        form = dict.fromkeys(FIELDS, word)
        fine(person.post(path, form), f"POST {path} {word!r}")
        fine(person.post(path, word, content_type="application/json"), f"JSON {path} {word!r}")


def test_a_method_that_nobody_expects_is_answered(people: list[Client]) -> None:
    for number, address in enumerate(ADDRESSES):
        for method in METHODS[number % OFTEN :: OFTEN]:
            person = people["admin/" in address]
            fine(getattr(person, method)(filled(address, "1")), f"{method} {address}")


@pytest.mark.parametrize("share", range(SHARES))
def test_a_header_may_say_what_it_likes(share: int, people: list[Client]) -> None:
    for header, word in itertools.product(HEADERS[share::SHARES], some(share, EVERY // 2 or 1)):
        told: dict[str, Any] = {header: word.encode().decode("latin-1")}  # as WSGI hands it on
        for path in ("/", "/cart/", "/checkout/", "/orders/H-10001/", "/art/harbour-mug.svg"):
            fine(people[0].get(path, headers=told), f"{header} {word!r} {path}")
        fine(people[0].post("/payments/webhook/", "{}", "application/json", headers=told), header)


@pytest.mark.parametrize(
    "field",
    ["name", "email", "address", "postcode", "town", "region", "country", "checkout_key",
     "payment_method"],
)  # fmt: skip
def test_one_bad_field_among_good_ones_orders_nothing_or_says_why(
    field: str, people: list[Client]
) -> None:
    good = form_values(people[0], payment_method="pm_of_nobody")  # so that nothing is charged
    before = books()
    for word in NASTY:
        answer = people[0].post("/checkout/", good | {field: word})
        fine(answer, f"{field} {word!r}")
        assert answer.status_code in {303, 400, 409, 422}, (field, word, answer.status_code)
    assert books() == before


@pytest.mark.parametrize(
    "kind", ["text/plain", "multipart/form-data", "application/xml", "", "a/b"]
)
def test_a_body_may_be_anything(kind: str, people: list[Client]) -> None:
    for body in (b"", b"\x00\xff" * 500, b"--x\r\n", b"a=" * 5_000, b"{" * 10_000):
        for path in ("/cart/add/", "/cart/update/", "/checkout/", "/payments/webhook/"):
            fine(people[0].post(path, body, content_type=kind), f"{kind} {path}")
