"""Can we sign? One line in `manage.py doctor`."""

from collections.abc import Iterable

from deferral.health import Finding, health_check
from webhooks.models import Endpoint


@health_check
def check_secrets() -> Iterable[Finding]:
    """Whether SEALING_KEYS open what lies in the database: after a restore they may be others."""
    closed = [one.slug for one in Endpoint.objects.order_by("slug") if one.unsigned_because]
    detail = f"cannot be opened: {', '.join(closed)}" if closed else "can be opened"
    yield Finding(name="endpoints' secrets", well=not closed, detail=detail)
