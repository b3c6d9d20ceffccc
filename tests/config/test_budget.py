"""The connections of all processes against PostgreSQL's limit."""

from io import StringIO

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from config import budget
from config.database import database
from config.health import check_connections
from launcher.workers import WORKERS
from tests.rig.servers import POSTGRES

pytestmark = pytest.mark.django_db
# The test server's limit, less what is kept for superusers (3).
ALLOWED = int(POSTGRES.settings["max_connections"]) - 3


def plan(monkeypatch: pytest.MonkeyPatch, together: int) -> None:
    """Let the web have all that the others leave."""
    monkeypatch.setenv("WEB_PROCESSES", "1")
    monkeypatch.setenv("WEB_POOL", "0")
    monkeypatch.setenv("WEB_POOL", str(together - budget.planned()))


def found() -> list[str]:
    return [str(each.id) for each in run_checks(tags=["database"], databases=["default"])]


def test_every_role_is_counted_replicas_processes_and_signs_of_life(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in (
        "WEB",
        "CRITICAL",
        "MAIL",
        "PARTNERS",
        "MAILINGS",
        "BACKGROUND",
        "MEDIA",
        "BULK",
        "RELAY",
    ):
        monkeypatch.setenv(f"{name}_REPLICAS", "2")
        monkeypatch.setenv(f"{name}_PROCESSES", "3")
    for name, value in {"WEB_POOL": "5", "MAIL_THREADS": "30", "PARTNERS_THREADS": "31"}.items():
        monkeypatch.setenv(name, value)

    # Web 2 x 3 x 5, four workers of 2 x (3 children + 1), ten threads to a connection.
    assert budget.planned() == 30 + 4 * 8 + 2 * (3 + 1) + 2 * (4 + 1) + 2 * (1 + 1) + 2 + 1 + 4
    assert budget.bill().startswith(
        "web 30, critical 8, mail 8, partners 10, mailings 4, background 8, media 8, bulk 8"
    )


def test_what_make_up_starts_needs_fifty_connections_at_most() -> None:
    assert budget.planned() == 50
    assert budget.bill() == (
        "web 20, critical 3, mail 4, partners 8, mailings 2, background 2, media 3, bulk 2, "
        "relay 1, beat 1, visitors 4"
    )


def test_a_thread_worker_opens_no_more_than_it_is_counted_with() -> None:
    for worker, role in zip(WORKERS, budget.workers(), strict=True):
        options = database("worker", worker.command())["OPTIONS"]
        most = options["pool"]["max_size"] if worker.pool == "threads" else worker.size

        assert most + 1 == role.each


def test_what_fits_is_let_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    plan(monkeypatch, ALLOWED * 8 // 10)

    assert found() == []


def test_what_hardly_fits_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    plan(monkeypatch, ALLOWED)

    assert found() == ["config.connections_are_tight"]


def test_what_does_not_fit_stops_the_migration_with_the_sum(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plan(monkeypatch, ALLOWED + 1)

    with pytest.raises(SystemCheckError, match=rf"{ALLOWED + 1} connections.*allows {ALLOWED}\."):
        call_command("migrate", verbosity=0, skip_checks=False, stdout=StringIO())


def test_the_doctor_says_it(monkeypatch: pytest.MonkeyPatch) -> None:
    plan(monkeypatch, ALLOWED)
    [fits] = check_connections()
    plan(monkeypatch, ALLOWED + 1)
    [too_many] = check_connections()

    assert fits.well
    assert not too_many.well
    assert f"{ALLOWED + 1} planned, PostgreSQL allows {ALLOWED}" in too_many.detail
