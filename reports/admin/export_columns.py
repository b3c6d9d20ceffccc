"""What one export shows of itself, in the list and on its page."""

from typing import Any

from django.contrib import admin

from deferral.admin.kit import formatting
from deferral.admin.kit.read_only import ReadOnly
from deferral.models import Job
from reports.exports.catalogue import DATASETS
from reports.exports.choosing import in_words
from reports.exports.keeping import is_kept, until
from reports.models import Export


class Shown(ReadOnly[Export]):
    """Its columns and fields."""

    list_display = ("file", "rows_of", "kind", "count", "asked_by", "age", "status")
    list_display_links = ("file",)
    list_filter = ("dataset", "format")
    fields = ("file", "rows_of", "filtered", "shown", "count", "asked_by", "asked_at", "kept")

    @admin.display(description="file", ordering="id")
    def file(self, export: Export) -> str:
        """What a browser will call it."""
        return export.filename

    @admin.display(description="list", ordering="dataset")
    def rows_of(self, export: Export) -> str:
        """What its rows are."""
        dataset = DATASETS.get(export.dataset)
        return dataset.title if dataset else export.dataset

    @admin.display(description="format", ordering="format")
    def kind(self, export: Export) -> str:
        """What kind of file."""
        return export.get_format_display()

    @admin.display(description="rows", ordering="rows")
    def count(self, export: Export) -> str:
        """Once they are written."""
        return formatting.NOTHING if export.rows is None else f"{export.rows:,}"

    @admin.display(description="asked", ordering="asked_at")
    def age(self, export: Export) -> str:
        """How long ago."""
        return formatting.ago(export.asked_at)

    @admin.display(description="state")
    def status(self, export: Any) -> str:
        """Ready, withdrawn, deleted; or what its job is."""
        if export.withdrawn_at:
            return formatting.pill("withdrawn")
        if not export.ready_at:
            return formatting.state_pill(export.state or Job.State.PENDING)
        return formatting.pill("ready", "good") if is_kept(export) else formatting.pill("deleted")

    @admin.display(description="filters")
    def filtered(self, export: Export) -> str:
        """Those of the list from which it was asked."""
        return in_words(export.filters) or formatting.NOTHING

    @admin.display(description="columns")
    def shown(self, export: Export) -> str:
        """As its first line has them."""
        dataset = DATASETS.get(export.dataset)
        return ", ".join(one.label for one in dataset.chosen(export.columns)) if dataset else ""

    @admin.display(description="kept until")
    def kept(self, export: Export) -> str:
        """When its file is deleted."""
        return formatting.clock(until(export))[:-7]
