"""What waits for somebody to decide whether it is shown, on the admin's first page."""

from collections.abc import Iterator

from django.urls import reverse

from deferral.first_page import Card, Panel, on_first_page
from media.belonging import of_nobody
from media.models import Asset

SHOWN = 5


@on_first_page("media.change_asset")
def undecided() -> Iterator[Panel]:
    """Two queries, of what waits alone. Nothing while nothing does."""
    waiting = of_nobody(Asset.objects.filter(verdict=Asset.Verdict.REVIEW))
    if count := waiting.count():
        address = f"{reverse('admin:media_asset_changelist')}?verdict__exact=review"
        yield Panel(
            title="Uploads to decide about",
            template="admin/media/panels/undecided.html",
            context={"oldest": list(waiting.order_by("id")[:SHOWN])},
            cards=(
                Card(
                    label="To decide about",
                    value=f"{count:,}",
                    note="nobody sees them before",
                    address=address,
                    tone="wait",
                ),
            ),
            place=45,
        )
