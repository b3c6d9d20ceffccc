"""What a load balancer asks."""

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from pytest_django.asserts import assertNumQueries

from deferral.models import Event
from shop.views import health

# A savepoint, back to it, and its end: a test of these has a transaction of its own.
IN_A_TEST = 3


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    health._SEEN.clear()
    yield
    health._SEEN.clear()


@pytest.fixture
def elsewhere() -> Iterator[BaseDatabaseWrapper]:
    """Somebody else's session."""
    database = connections.create_connection("default")
    yield database
    database.close()


@pytest.mark.django_db
def test_alive_asks_nobody(customer: Client) -> None:
    with assertNumQueries(0):
        assert customer.get("/healthz").content == b"ok\n"


@pytest.mark.django_db
def test_ready_asks_the_database_each_time_and_the_migrations_seldom(customer: Client) -> None:
    assert customer.get("/readyz").status_code == 200
    with assertNumQueries(2 + IN_A_TEST):
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

    monkeypatch.setattr(health, "try_a_write", refuse)

    assert customer.get("/readyz").status_code == 503
    assert customer.get("/healthz").status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("statement", "status"),
    [
        ("SET default_transaction_read_only = on", 503),
        ("LOCK TABLE deferral_event IN SHARE MODE", 503),
        ("LOCK TABLE deferral_queuesample", 200),
    ],
)
def test_only_what_keeps_orders_from_being_written_is_a_reason(
    customer: Client, elsewhere: BaseDatabaseWrapper, statement: str, status: int
) -> None:
    database = connection if "read_only" in statement else elsewhere
    with database.cursor() as cursor:
        cursor.execute("BEGIN" if database is elsewhere else "SELECT 1")
        cursor.execute(statement)

    assert customer.get("/readyz").status_code == status
    assert Event.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_session_from_read_only_times_is_not_kept(customer: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")

    assert [customer.get("/readyz").status_code for _ in range(2)] == [503, 200]
