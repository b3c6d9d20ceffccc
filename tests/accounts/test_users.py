"""A login is an e-mail address: one of it, in whichever spelling it is written."""

from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.login_names import LONGEST
from accounts.models import User
from deferral.models import Intervention
from orders.models import Order
from tests.deferral.staff import MODEL_BACKEND, sitting
from tests.orders.buying import paid

pytestmark = pytest.mark.django_db
PASSWORD = "a long one, for a test"
KEPT = "ada@xn--strae-oqa.example"
SPELLINGS = (
    "ada@stra\u00dfe.example",
    "ADA@STRA\u1e9eE.EXAMPLE",
    "Ada@xn--strae-oqa.example",
    "aDA@XN--STRAE-OQA.example",
    "ada@\uff53tra\u00dfe\u3002example",  # a wide s, and an ideographic full stop
    " ada@stra\u00dfe.example ",
)
WRONG = (
    "ada",
    "ada@localhost",
    "ada lovelace@example.org",
    "\u0430da@example.org",  # a Cyrillic a
    "\uff41da@example.org",  # a wide one
    "ada@example.org\u200b",
    "ada@exam\u200dple.org",
    "ada@example.org\nbcc: eve@example.org",
    "Ada <ada@example.org>",
    '"ada"@example.org',
    f"{65 * 'a'}@example.org",
    f"ada@{50 * 'long.'}example.org",
)
ADD = "/admin/accounts/user/add/"


def new_user(email: str, **more: Any) -> dict[str, Any]:
    """What the form for somebody new sends."""
    passwords = {"password1": PASSWORD, "password2": PASSWORD}
    return {"email": email, "usable_password": "true", **passwords, **more}


def is_let_in(email: str, password: str = PASSWORD) -> bool:
    """By the form in the admin."""
    browser = Client()
    browser.post("/admin/login/", {"username": email, "password": password})
    return browser.get("/admin/").status_code == 200


@pytest.mark.parametrize("written", SPELLINGS)
def test_it_is_kept_in_one_spelling_whoever_writes_it(written: str) -> None:
    sitting(superuser=True).post(ADD, new_user(written))

    assert User.objects.get(email__contains="ada").email == KEPT


@pytest.mark.parametrize("written", [one for one in SPELLINGS if one == one.strip()])
def test_code_writes_it_so_too(written: str) -> None:
    made = User.objects.create(email=written)
    assert (made.email, User.objects.get().email) == (KEPT, KEPT)

    User.objects.update(email=written)
    assert User.objects.get().email == KEPT


@pytest.mark.parametrize("written", SPELLINGS)
def test_any_spelling_lets_in(written: str) -> None:
    User.objects.create_superuser(KEPT, PASSWORD)

    assert is_let_in(written)
    assert not is_let_in(written, "another")


@pytest.mark.parametrize("written", SPELLINGS)
def test_nobody_has_an_address_in_another_spelling(written: str) -> None:
    User.objects.create_user(KEPT)

    answer = sitting(superuser=True).post(ADD, new_user(written))

    assert b"Somebody has this e-mail address already." in answer.content
    assert User.objects.filter(email=KEPT).count() == 1


def test_the_table_itself_takes_one_spelling_and_it_once() -> None:
    User.objects.create_user("ada@example.org")
    insert = """INSERT INTO accounts_user (email, name, password, is_staff, is_active, is_superuser)
    VALUES (%s, '', '', false, true, false)"""
    for email in ("ada@example.org", "Ada@example.org", "eve", "e ve@example.org", "\u00e9@a.org"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(insert, [email])


@pytest.mark.parametrize("written", WRONG)
def test_what_cannot_be_mailed_is_nobodys_login(written: str) -> None:
    answer = sitting(superuser=True).post(ADD, new_user(written))
    with pytest.raises(ValidationError):
        User.objects.create_user(written)

    assert "errorlist" in answer.content.decode()
    assert User.objects.count() == 1


@pytest.mark.parametrize("written", [*WRONG, "", "\u0000", 9_000 * "a@", "ada@example.org'--"])
def test_odd_logins_let_nobody_in(written: str) -> None:
    User.objects.create_superuser("ada@example.org", PASSWORD)

    answer = Client().post("/admin/login/", {"username": written, "password": PASSWORD})

    assert answer.status_code == 200
    assert "sessionid" not in answer.cookies


def test_a_look_alike_is_another_and_is_seen_to_be() -> None:
    User.objects.create_superuser("ada@example.org", PASSWORD)
    User.objects.create_user("ada@\u0435xample.org")  # a Cyrillic e

    assert authenticate(username="ada@\u0435xample.org", password=PASSWORD) is None
    assert b"ada@xn--xample-2of.org" in sitting(superuser=True).get("/admin/accounts/user/").content


def test_a_refused_login_says_neither_which_was_wrong_nor_what_is_untrue() -> None:
    User.objects.create_superuser("ada@example.org", PASSWORD)
    User.objects.create_user("customer@example.org", PASSWORD)

    for who in ("ada@example.org", "nobody@example.org", "customer@example.org"):
        password = PASSWORD if who.startswith("customer") else "guess"
        answer = Client().post("/admin/login/", {"username": who, "password": password})
        assert b"No member of staff has this e-mail address and this password" in answer.content


def test_createsuperuser_asks_for_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    make = {"interactive": False, "stdout": StringIO()}
    call_command("createsuperuser", email="Ada@Example.org", **make)

    assert is_let_in("ada@example.org")
    for taken_or_wrong in ("ADA@example.org", "ada"):
        with pytest.raises(CommandError):
            call_command("createsuperuser", email=taken_or_wrong, **make)


def test_a_superuser_edits_somebody_and_gives_a_password() -> None:
    ada, who = User.objects.create_user("ada@example.org"), sitting(superuser=True)
    page = f"/admin/accounts/user/{ada.pk}/"
    sent = {"email": "Ada@Example.com", "name": "Jo\u0308rg", "is_staff": "on", "is_active": "on"}

    assert who.post(f"{page}change/", sent).status_code == 302
    passwords = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    assert who.post(f"{page}password/", passwords).status_code == 302

    ada.refresh_from_db()
    assert (ada.email, ada.name) == ("ada@example.com", "J\u00f6rg")
    assert is_let_in("ada@example.com")


def test_the_longest_address_has_room_wherever_it_is_noted() -> None:
    longest = f"{64 * 'a'}@{60 * 'b'}.{60 * 'c'}.{59 * 'd'}.example"
    staff, order = User.objects.create_superuser(longest), paid()
    browser = Client()
    browser.force_login(staff, MODEL_BACKEND)

    page = f"/admin/orders/order/{order.pk}/decide/cancel/"
    assert browser.post(page, {"reason": "asked"}).status_code == 302

    assert (Order.objects.get().closed_by, Intervention.objects.get().by) == (longest, longest)


@pytest.mark.parametrize("name", ["by", "closed_by", "actor"])
def test_every_column_that_says_by_whom_is_as_wide_as_a_login(name: str) -> None:
    columns = [
        field
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.name == name
    ]

    assert {field.max_length for field in columns} == {LONGEST}


def test_who_decided_is_found_by_any_spelling() -> None:
    Intervention.objects.create(action="decide", by=KEPT, reason="a storm", about="H-1")

    page = sitting(superuser=True).get("/admin/deferral/intervention/", {"q": SPELLINGS[1]})

    assert b"a storm" in page.content
