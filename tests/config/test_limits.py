"""Too often from one address: refused with when to come back; others are served, and so is a shop
whose counter is broken.
"""

import threading
from contextlib import closing
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.db.models import F
from django.test import Client
from pytest_django.fixtures import Settings

from config.limits import LIMITS
from deferral.models import RateLimit
from deferral.pressure.rate_limits import spend
from tests.deferral.bench import swept

LIMIT = {limit.name: limit for limit in LIMITS}


@pytest.fixture(autouse=True)
def _on(settings: Settings) -> None:
    settings.RATE_LIMITS = True


def later(seconds: float) -> None:
    RateLimit.objects.update(began=F("began") - timedelta(seconds=seconds))


@pytest.mark.django_db
def test_so_much_and_no_more_until_the_time_is_over() -> None:
    answers = [spend("k", most=3, per=60) for _ in range(5)]
    assert answers[:3] == [None] * 3
    assert all(59 < (wait or 0) <= 60 for wait in answers[3:])
    assert spend("other", most=3, per=60) is None

    later(30)
    assert 29 < (spend("k", most=3, per=60) or 0) <= 30
    later(31)
    assert spend("k", most=3, per=60) is None


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_counted_one_by_one() -> None:
    together = threading.Barrier(8)
    answers: list[float | None] = []

    def ask() -> None:
        together.wait()
        answers.extend(spend("k", most=20, per=60) for _ in range(5))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(answer is None for answer in answers) == 20
    assert len(answers) == 40


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "method", "path", "data"),
    [
        ("login", "post", "/admin/login/", {"username": "ada", "password": "guess"}),
        ("checkout", "post", "/checkout/", {}),
        ("search", "get", "/search/", {"q": "mug"}),
        ("suggest", "get", "/search/suggest/", {"q": "mug"}),
        ("uploads", "post", "/uploads/", {"ticket": "x"}),
        ("uploads", "post", "/uploads/whole/", {"ticket": "x"}),
    ],
)
def test_each_limit_refuses_what_it_concerns_and_nothing_else(
    name: str, method: str, path: str, data: dict[str, str]
) -> None:
    key = f"{name}:127.0.0.1"
    RateLimit.objects.create(key=key, spent=LIMIT[name].most)
    client = Client()

    refused = getattr(client, method)(path, data)

    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= LIMIT[name].per
    assert b"One moment, please" in refused.content
    assert client.get("/").status_code == 200
    assert getattr(Client(REMOTE_ADDR="192.0.2.7"), method)(path, data).status_code != 429


@pytest.mark.django_db
@pytest.mark.parametrize(
    "said",
    [
        {"SCRIPT_NAME": "/x"},
        {"SCRIPT_NAME": "/x", "HTTP_X_FORWARDED_FOR": "198.51.100.1"},
        {"HTTP_SCRIPT_NAME": "/x", "HTTP_X_ORIGINAL_URL": "/", "HTTP_X_FORWARDED_PREFIX": "/x"},
        {"HTTP_X_HTTP_METHOD_OVERRIDE": "GET", "HTTP_FORWARDED": "for=198.51.100.1"},
    ],
)
def test_nothing_a_client_says_leads_past_a_limit(said: dict[str, str]) -> None:
    RateLimit.objects.create(key="login:127.0.0.1", spent=LIMIT["login"].most)

    assert Client(**said).post("/admin/login/", {}).status_code == 429  # type: ignore[arg-type]


@pytest.mark.django_db
def test_every_way_to_ask_counts_that_may_try_a_password() -> None:
    RateLimit.objects.create(key="login:127.0.0.1", spent=LIMIT["login"].most)

    for method in ("POST", "PUT", "PATCH", "DELETE", "LOGIN"):
        assert Client().generic(method, "/admin/login/").status_code == 429
    assert Client().get("/admin/login/").status_code == 200


@pytest.mark.django_db
def test_only_our_own_proxy_is_believed(settings: Settings) -> None:
    lie = {"X-Forwarded-For": "198.51.100.1, 203.0.113.9"}
    Client().get("/search/?q=mug", headers=lie)
    settings.BEHIND_PROXY = True
    Client().get("/search/?q=mug", headers=lie)
    Client().get("/search/?q=mug", headers={"X-Forwarded-For": "2001:db8:1:2:3:4:5:6"})
    Client().get("/search/?q=mug", headers={"X-Forwarded-For": "::ffff:192.0.2.1"})
    Client().get("/search/?q=mug", headers={"X-Forwarded-For": "<script>"})

    assert set(RateLimit.objects.values_list("key", flat=True)) == {
        "search:127.0.0.1",
        "search:203.0.113.9",
        "search:2001:db8:1:2::/64",
        "search:192.0.2.1",
        "search:unknown",
    }


@pytest.mark.django_db(transaction=True)
def test_a_broken_counter_refuses_nobody() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE deferral_ratelimit RENAME TO mislaid")
    try:
        assert spend("k", most=0, per=60) is None
        assert Client().get("/search/?q=mug").status_code == 200
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE mislaid RENAME TO deferral_ratelimit")


@pytest.mark.django_db(transaction=True)
def test_a_counter_that_somebody_holds_refuses_nobody() -> None:
    spend("search:127.0.0.1", most=0, per=60)
    with closing(connections.create_connection("default")) as session:
        with session.cursor() as cursor:
            cursor.execute("BEGIN; SELECT 1 FROM deferral_ratelimit FOR UPDATE")

        assert Client().get("/search/?q=mug").status_code == 200
        assert spend("search:127.0.0.1", most=0, per=60) is None

    assert spend("search:127.0.0.1", most=0, per=60)


@pytest.mark.django_db(transaction=True)
def test_a_day_later_it_is_forgotten() -> None:
    spend("old", most=3, per=60)
    later(86_401)
    spend("new", most=3, per=60)

    assert swept()["rate_limits"] == 1
    assert RateLimit.objects.get().key == "new"
