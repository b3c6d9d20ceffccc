"""A database as migrating left it, in milliseconds; a broker that nobody has used.

Django truncates every table after a test that commits, and makes all permissions and roles anew,
which takes PostgreSQL 0.4 s each time.
"""

from celery import current_app
from django.apps import apps
from django.db import connection, transaction

from config.partner import make_partner

# What migrating writes down, and no test changes for good.
KEPT = {"django_content_type", "auth_permission", "auth_group", "auth_group_permissions"}


def empty_tables() -> None:
    """Nothing ever happened. Foreign keys are looked at when all is deleted: any order will do."""
    tables = {*connection.introspection.django_table_names()} - KEPT
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(";".join(f"DELETE FROM {table}" for table in sorted(tables)))  # noqa: S608  Django's names
    make_partner(apps.get_app_config("webhooks"))


def empty_broker() -> None:
    """No message, no queue: what a wipe leaves behind."""
    with current_app.connection_for_write() as broker:
        broker.default_channel.client.flushall()  # type: ignore[attr-defined]  # Valkey's
