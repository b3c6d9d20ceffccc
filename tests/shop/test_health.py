"""What a load balancer asks."""

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from pytest_django.asserts import assertNumQueries

from shop.views import health


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    health._SEEN.clear()
    yield
    health._SEEN.clear()


@pytest.mark.django_db
def test_alive_asks_nobody(customer: Client) -> None:
    with assertNumQueries(0):
        assert customer.get("/healthz").content == b"ok\n"


@pytest.mark.django_db
def test_ready_asks_the_database_each_time_and_the_migrations_seldom(customer: Client) -> None:
    assert customer.get("/readyz").status_code == 200
    with assertNumQueries(1):
        assert customer.get("/readyz").content == b"ready\n"


@pytest.mark.django_db
def test_missing_migrations_are_a_reason(customer: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'shop'")
    answer = customer.get("/readyz")

    assert (answer.status_code, answer.content) == (503, b"migrations are missing\n")


def test_a_dead_database_is_a_reason(customer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", refuse)

    assert customer.get("/readyz").status_code == 503
    assert customer.get("/healthz").status_code == 200
