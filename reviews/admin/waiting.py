"""Reviews that nobody has decided about, on the admin's first page."""

from collections.abc import Iterator

from django.urls import reverse

from deferral.first_page import Card, Panel, on_first_page
from reviews.models import Review

SHOWN = 5


@on_first_page("reviews.change_review")
def waiting() -> Iterator[Panel]:
    """Two queries, of what waits alone. Nothing while nothing does."""
    found = Review.objects.filter(state=Review.State.WAITING)
    if count := found.count():
        oldest = list(found.select_related("product").order_by("id")[:SHOWN])
        address = f"{reverse('admin:reviews_review_changelist')}?state__exact=waiting"
        yield Panel(
            title="Reviews to decide about",
            template="admin/reviews/panels/waiting.html",
            context={"oldest": oldest},
            cards=(
                Card(
                    label="Reviews to decide about",
                    value=f"{count:,}",
                    note="nobody sees them before",
                    address=address,
                    tone="wait",
                ),
            ),
            place=44,
        )
