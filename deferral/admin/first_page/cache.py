"""The cache on the admin's first page: only while it is away."""

from collections.abc import Iterator

from deferral.first_page import Panel, on_first_page
from deferral.warm.status import WITHOUT, why_away


@on_first_page("deferral.view_job")
def cache() -> Iterator[Panel]:
    """Pages come without it, slower."""
    if why := why_away():
        yield Panel(
            title="Cache",
            template="admin/deferral/panels/cache.html",
            context={"why": why},
            warnings=(f"The cache is away: {WITHOUT}.",),
            place=35,
        )
