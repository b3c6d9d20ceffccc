"""`manage.py migrate`, on a database that another release has made."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from config.management.commands.migrate import OF_0_1

pytestmark = pytest.mark.django_db


def applied(app: str, name: str) -> None:
    """As if this migration had been applied some day."""
    MigrationRecorder(connection).record_applied(app, name)


def everything() -> tuple[set[str], set[tuple[str, str]]]:
    """The tables there are, and what is recorded of migrations."""
    recorded = MigrationRecorder(connection).applied_migrations()
    return set(connection.introspection.table_names()), set(recorded)


@pytest.mark.parametrize("options", [{}, {"plan": True}, {"fake": True}])
def test_a_database_of_0_1_is_refused_in_one_sentence_and_stays_as_it_was(
    options: dict[str, bool],
) -> None:
    here = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    app, name = sorted(OF_0_1 - here.keys())[0]
    applied(app, name)
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")
    before = everything()

    with pytest.raises(CommandError, match=r"of release 0\.1.*`make reset`") as refused:
        call_command("migrate", verbosity=0, **options)

    assert str(refused.value).count(".") - str(refused.value).count("0.1") == 1
    assert everything() == before


def test_a_database_of_a_later_release_is_not_taken_for_one_of_0_1(
    capsys: pytest.CaptureFixture[str],
) -> None:
    applied("shop", "0099_of_tomorrow")

    call_command("migrate", plan=True)

    assert "No planned migration operations." in capsys.readouterr().out
