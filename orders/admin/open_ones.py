"""The filter of parcels' list that the first page leads to."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from orders.models import Shipment
from orders.shipments.showing import troubled


class Needing(admin.SimpleListFilter):
    """Those that somebody of us has to see to."""

    title = "needs somebody"
    parameter_name = "needs"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """One."""
        return [("staff", "to be seen to")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Shipment]) -> QuerySet[Shipment]:
        """By an index of them."""
        return queryset.filter(pk__in=troubled().values("pk")) if self.value() else queryset
