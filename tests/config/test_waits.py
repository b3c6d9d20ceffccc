"""No wait without an end, for any kind of process, nor for whoever else connects."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.db import connection

from config.database import database
from config.guests import bound_guests
from config.waits import WAITS, waits_of
from tests.rig.servers import POSTGRES

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")


def shown(options: str = "") -> dict[str, str]:
    """What a session that begins so says of its waits."""
    url = POSTGRES.url(str(connection.settings_dict["NAME"]))
    with psycopg.connect(url, options=options) as session:
        found = {name: session.execute(f"SHOW {name}").fetchone() for name in NAMES}
    return {name: row[0] for name, row in found.items() if row}


@pytest.mark.parametrize("role", WAITS)
def test_no_process_waits_for_ever(role: str) -> None:
    found = shown(database(role)["OPTIONS"]["options"])

    assert found.pop("statement_timeout") != "0" or role == "migrate"
    assert "0" not in found.values()


def test_a_customer_waits_two_seconds_for_a_lock_and_the_doctor_one() -> None:
    assert shown(database("web")["OPTIONS"]["options"])["lock_timeout"] == "2s"
    assert shown(database("doctor")["OPTIONS"]["options"])["lock_timeout"] == "1s"


def test_only_the_queue_of_sweeps_lets_a_statement_take_minutes() -> None:
    assert waits_of("worker", ("critical",)).statement == 60
    assert waits_of("worker", ("analytics", "bulk")).statement == 600


def test_threads_wait_longer_for_a_lock_and_hold_a_connection_for_less() -> None:
    argv = ["celery", "worker", "-P", "threads", "-c", "24", "-Q", "mail"]
    found = shown(database("worker", argv)["OPTIONS"]["options"])

    assert (found["lock_timeout"], found["statement_timeout"]) == ("10s", "20s")
    assert found["idle_in_transaction_session_timeout"] == "1min"


def test_what_the_address_says_has_the_last_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql:///shop?options=-c%20lock_timeout%3D123ms")

    assert shown(database("web")["OPTIONS"]["options"])["lock_timeout"] == "123ms"


@pytest.mark.django_db
def test_a_guest_who_falls_silent_in_a_transaction_is_sent_away_after_two_minutes() -> None:
    found = shown()

    assert found["idle_in_transaction_session_timeout"] == "2min"
    assert (found["lock_timeout"], found["statement_timeout"]) == ("0", "0")


@pytest.mark.django_db(transaction=True)
def test_what_an_owner_has_said_about_guests_stays() -> None:
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    last = [app for app in apps.get_app_configs() if app.models_module][-1]
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {name} SET idle_in_transaction_session_timeout = '9min'")
    bound_guests(last)
    found = shown()
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {name} RESET idle_in_transaction_session_timeout")
    bound_guests(last)

    assert found["idle_in_transaction_session_timeout"] == "9min"
    assert shown()["idle_in_transaction_session_timeout"] == "2min"


def manage(*words: str, url: str) -> subprocess.CompletedProcess[str]:
    """One of Django's commands, in a process of its own."""
    env = os.environ | {"DATABASE_URL": url}
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)  # noqa: S603 - ours


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("starts_processes")
def test_a_command_that_meets_a_lock_ends_with_a_sentence() -> None:
    url = f"{POSTGRES.url(str(connection.settings_dict['NAME']))}&options=-c%20lock_timeout%3D100ms"
    with psycopg.connect(POSTGRES.url(str(connection.settings_dict["NAME"]))) as session:
        session.execute("LOCK TABLE deferral_job")
        done = manage("dead_letters", "list", url=url)

    assert done.returncode == 1
    assert done.stderr.startswith("Somebody else holds what this needs")
    assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("starts_processes")
def test_a_command_without_a_database_ends_with_a_sentence() -> None:
    done = manage("dead_letters", "list", url="postgresql://%2Fnowhere/none")

    assert done.returncode == 1
    assert done.stderr.startswith("The database is away or cannot write now.")
    assert "Traceback" not in done.stderr
