"""Sessions that are not ours, a person's psql above all: none may hold a lock for ever in silence.

A default of the database, written by every `migrate`, which any session may change for itself, as
pg_dump does. Once it is there it is left as it is.
"""

from typing import Any

import structlog
from django.apps import AppConfig, apps
from django.db import Error, connection, transaction

log = structlog.get_logger(__name__)

# Nobody of the staff thinks for two minutes between two statements.
GUESTS_IDLE = "2min"
IS_BOUND = """
SELECT EXISTS (
    SELECT FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase,
                unnest(s.setconfig) AS kept
    WHERE d.datname = current_database() AND s.setrole = 0
      AND kept LIKE 'idle_in_transaction_session_timeout=%')
"""


def bound_guests(sender: AppConfig, **_: Any) -> None:
    """Once every app was migrated: a transaction forgotten in anybody's session ends by itself.

    Whoever migrates and does not own the database is told what its owner has to say.
    """
    if sender != [app for app in apps.get_app_configs() if app.models_module][-1]:
        return
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    words = f"ALTER DATABASE {name} SET idle_in_transaction_session_timeout = '{GUESTS_IDLE}'"
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(IS_BOUND)
            if not cursor.fetchone()[0]:
                cursor.execute(words)
    except Error as error:
        log.warning("guests_not_bound", say_as_its_owner=words, error=str(error))
