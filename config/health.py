"""What the doctor asks about the whole house."""

from collections.abc import Iterable

from config import budget
from deferral.health import Finding, health_check


@health_check
def check_connections() -> Iterable[Finding]:
    """Open now, planned at most, allowed. More open than planned: somebody scaled past the plan."""
    limit, in_use = budget.allowed()
    most = budget.planned()
    detail = f"{in_use} open, {most} planned, PostgreSQL allows {limit}"
    yield Finding(name="connections", well=max(in_use, most) <= limit, detail=detail)
