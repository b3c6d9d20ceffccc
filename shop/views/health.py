"""For whoever decides whether this process gets requests."""

import time

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

# Reading the migrations' table and files costs more than a probe every second should.
KEPT_SECONDS = 10.0
_SEEN: dict[str, float] = {}


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process answers. Touches nothing else."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(_request: HttpRequest) -> HttpResponse:
    """The process can serve: its database answers and has every migration. Else 503 and why."""
    reason = obstacle()
    if reason:
        return HttpResponse(f"{reason}\n", status=503, content_type="text/plain")
    return HttpResponse("ready\n", content_type="text/plain")


def obstacle() -> str:
    """Why not to send requests here. Empty when there is no reason."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return "" if migrated() else "migrations are missing"
    except DatabaseError as error:
        return f"the database does not answer: {type(error).__name__}"


def migrated() -> bool:
    """Whether the schema is this code's. A yes is believed for ten seconds, a no is asked again."""
    if time.monotonic() - _SEEN.get("migrated", -KEPT_SECONDS) < KEPT_SECONDS:
        return True
    executor = MigrationExecutor(connection)
    complete = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    if complete:
        _SEEN["migrated"] = time.monotonic()
    return complete
