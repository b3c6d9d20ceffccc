"""What lets somebody in can be taken back; what a visitor has in the cart costs no database."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session as DjangosOwn
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import Session, User
from accounts.services import end_sessions, forget_sessions
from accounts.sessions import SessionStore, name_of_row
from config.celery import app
from tests.config.test_roles import ROLES, somebody
from tests.rig.stocking import stock_shop
from tests.shop.buying import fill_cart, in_cart

pytestmark = pytest.mark.django_db
PASSWORD = "a long one, for a test"


@pytest.fixture
def ada(db: None) -> User:
    return User.objects.create_superuser("ada@example.org", password=PASSWORD)


def log_in(browser: Client, name: str = "ada@example.org") -> str:
    """By the form, as a person does; what the cookie holds then."""
    browser.post("/admin/login/", {"username": name, "password": PASSWORD})
    return browser.cookies["sessionid"].value


def is_let_in(cookie: str) -> bool:
    """Whether a browser with this cookie sees the admin."""
    thief = Client()
    thief.cookies["sessionid"] = cookie
    return thief.get("/admin/").status_code == 200


def test_logging_out_ends_what_was_copied_before(ada: User) -> None:
    browser = Client()
    copied = log_in(browser)
    assert is_let_in(copied)

    browser.post("/admin/logout/")

    assert not is_let_in(copied)
    assert not Session.objects.exists()


def test_a_new_password_ends_the_other_browsers(ada: User) -> None:
    mine, other = Client(), Client()
    before, copied = log_in(mine), log_in(other)
    changed = {"old_password": PASSWORD, "new_password1": "kelp 77!", "new_password2": "kelp 77!"}

    assert mine.post("/admin/password_change/", changed).status_code == 302

    assert mine.get("/admin/").status_code == 200
    assert not is_let_in(copied)
    assert not is_let_in(before)


def test_who_is_no_longer_active_is_not_let_in(ada: User) -> None:
    copied = log_in(Client())
    User.objects.update(is_active=False)

    assert not is_let_in(copied)


def test_an_operator_ends_all_sessions_of_a_user_and_that_is_written_down(ada: User) -> None:
    copied, operator = [log_in(Client()), log_in(Client())], somebody("operator")
    page = f"/admin/accounts/user/{ada.pk}/"
    assert "Logged in with 2 browsers." in operator.get(f"{page}change/").content.decode()

    operator.post(f"{page}decide/end_sessions/", {"reason": "a laptop was stolen"})

    assert not any(map(is_let_in, copied))
    assert operator.get("/admin/").status_code == 200
    [entry] = LogEntry.objects.all()
    assert (entry.object_id, entry.user.groups.get().name) == (str(ada.pk), "operator")
    assert entry.change_message == "End all sessions: a laptop was stolen"


@pytest.mark.parametrize("role", [role for role in ROLES if role != "operator"])
def test_no_other_role_ends_sessions_or_sees_users(role: str, ada: User) -> None:
    copied, who, page = log_in(Client()), somebody(role), f"/admin/accounts/user/{ada.pk}/"

    assert who.get(f"{page}change/").status_code == 403
    assert who.post(f"{page}decide/end_sessions/", {"reason": "x"}).status_code == 403
    assert is_let_in(copied)


def test_who_ends_sessions_sees_nothing_of_a_password_and_edits_nobody(ada: User) -> None:
    operator, page = somebody("operator"), f"/admin/accounts/user/{ada.pk}/change/"
    shown = operator.get(page).content.decode()

    assert "pbkdf2" not in shown
    assert "field-password" not in shown
    assert operator.post(page, {"is_superuser": "on"}).status_code == 403


def test_a_visitor_costs_no_query_about_sessions_and_leaves_no_row() -> None:
    stock_shop()
    visitor = Client()
    with CaptureQueriesContext(connection) as asked:
        visitor.get("/")
        fill_cart(visitor, harbour_mug=2)
        visitor.get("/cart/")
        visitor.get("/orders/")
        visitor.post("/cart/update/", {"sku": "HO-001", "quantity": 1})

    assert not [one for one in asked.captured_queries if "session" in one["sql"]]
    assert in_cart(visitor) == {"HO-001": 1}
    assert "sessionid" not in visitor.cookies
    assert (Session.objects.count(), DjangosOwn.objects.count()) == (0, 0)


def test_a_cookie_of_nonsense_costs_no_query_either() -> None:
    for word in ("x", "a:b:c", "a" * 31, "A" * 32, "a" * 3_000, "\u00e9" * 32):
        visitor = Client()
        visitor.cookies["sessionid"] = word
        with CaptureQueriesContext(connection) as asked:
            assert visitor.get("/orders/").status_code == 200
        assert not [one for one in asked.captured_queries if "session" in one["sql"]], word


def test_a_signed_cookie_is_never_believed_about_who_is_logged_in(ada: User) -> None:
    """As Django's backend of signed cookies makes them, with our key."""
    facts: dict[str, Any] = {
        "_auth_user_id": str(ada.pk),
        "_auth_user_backend": "django.contrib.auth.backends.ModelBackend",
        "_auth_user_hash": ada.get_session_auth_hash(),
    }
    salt = "django.contrib.sessions.backends.signed_cookies"
    old = signing.dumps(facts, salt=salt, serializer=SessionStore().serializer, compress=True)

    assert not is_let_in(old)


@pytest.mark.parametrize("planted", ["a" * 32, "anothers"])
def test_a_cookie_that_was_planted_is_not_the_one_that_lets_in(planted: str, ada: User) -> None:
    User.objects.create_superuser("eve@example.org", password=PASSWORD)
    planted = log_in(Client(), "eve@example.org") if planted == "anothers" else planted
    victim = Client()
    victim.cookies["sessionid"] = planted

    given = log_in(victim)

    assert given != planted
    assert SessionStore(planted).get("_auth_user_id") != str(ada.pk)
    assert SessionStore(given)["_auth_user_id"] == str(ada.pk)


def test_a_request_that_is_under_way_does_not_bring_a_session_back(ada: User) -> None:
    copied = log_in(Client())
    under_way = SessionStore(copied)
    under_way["cart"] = {"HO-001": 1}
    end_sessions(user_id=ada.pk, by="eve", reason="a test")

    with pytest.raises(UpdateError):
        under_way.save()
    assert not is_let_in(copied)


def test_what_lets_in_taken_out_by_hand_is_gone_from_the_row_too(ada: User) -> None:
    copied = log_in(Client())
    session = SessionStore(copied)
    del session["_auth_user_id"]
    session.save()

    assert not is_let_in(copied)
    assert Session.objects.get().user is None


def test_the_table_holds_no_cookie(ada: User) -> None:
    copied = log_in(Client())
    with connection.cursor() as cursor:
        cursor.execute("SELECT s::text FROM accounts_session s")
        assert copied not in cursor.fetchone()[0]
    assert not is_let_in(Session.objects.get().session_key)


def test_what_has_expired_lets_nobody_in_and_leaves_at_night(ada: User) -> None:
    kept, expired = log_in(Client()), log_in(Client())
    old = Session.objects.filter(pk=name_of_row(expired))
    old.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not is_let_in(expired)

    assert forget_sessions() == 1
    assert is_let_in(kept)
    assert "accounts.forget_sessions" in {one["task"] for one in app.conf.beat_schedule.values()}


def test_the_cookie_is_kept_from_scripts_and_from_other_sites(
    ada: User, settings: Settings
) -> None:
    settings.SESSION_COOKIE_SECURE = True
    browser = Client()
    log_in(browser)
    cookie = browser.cookies["sessionid"]

    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", True)
