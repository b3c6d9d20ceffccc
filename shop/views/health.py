"""For whoever decides whether this process gets requests."""

import time

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from deferral.database import connections
from deferral.database.outage import is_our_outage
from deferral.health.trial import try_a_write
from deferral.warm import status

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
    """Checkouts can be served: the database takes writes and has every migration. Else 503 and why.

    Neither the broker nor the provider counts: without them orders are taken all the same. Nor
    does the cache, which is named where it is away: pages come without it.
    """
    reason = obstacle()
    if reason:
        return HttpResponse(f"{reason}\n", status=503, content_type="text/plain")
    found = f"ready\n{without_cache()}"
    return HttpResponse(found, content_type="text/plain")


def without_cache() -> str:
    """A line that says why there is none now. Empty while there is, and where there never is."""
    why = status.why_away()
    return f"without the cache: {why.splitlines()[0]}\n" if why else ""


def obstacle() -> str:
    """Why not to send requests here. Empty when there is no reason."""
    try:
        try_a_write()
        return "" if migrated() else "migrations are missing"
    except Error as error:
        if is_our_outage(error):
            connections.drop_sessions()
        reason = type(error.__cause__ or error).__name__
        return f"the database takes no orders now: {reason}"


def migrated() -> bool:
    """Whether the schema is this code's. A yes is believed for ten seconds, a no is asked again."""
    if time.monotonic() - _SEEN.get("migrated", -KEPT_SECONDS) < KEPT_SECONDS:
        return True
    executor = MigrationExecutor(connection)
    complete = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    if complete:
        _SEEN["migrated"] = time.monotonic()
    return complete
