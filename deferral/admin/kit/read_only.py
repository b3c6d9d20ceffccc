"""For tables that code writes and people read, however long they are."""

from functools import cached_property
from typing import Any, TypeVar

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import HttpRequest

from deferral.guarded import Guarded

M = TypeVar("M", bound=Model)


class ShortCount(Paginator):  # type: ignore[type-arg]  # of any rows
    """Counts no further than 10,000: nobody turns more than 200 pages, and counting them all costs.

    The rows behind that are found by a filter or by a search.
    """

    MOST = 10_000

    @cached_property
    def count(self) -> int:
        """How many there are, or MOST."""
        # Without the annotations and the order of the page, which would be worked out for all.
        rows: Any = self.object_list
        return int(rows.order_by().values("pk")[: self.MOST].count())


class ReadOnly(Guarded[M]):
    """Nobody adds, edits or deletes; whoever may view the model reads it."""

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = ShortCount
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never, for anybody: only code writes rows."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        """Never, for anybody: only code changes them."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        """Only the nightly sweep deletes them."""
        return False
