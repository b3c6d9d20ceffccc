"""What deliveries are told apart by. The choices cost no query."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from webhooks.models import Delivery
from webhooks.payloads import CHOICES, TEST


class TypeFilter(admin.SimpleListFilter):
    """What may be told."""

    title = parameter_name = "type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every type, and the test."""
        return [(name, name) for name in (*CHOICES, TEST)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:
        """The deliveries of one."""
        return queryset.filter(type=self.value()) if self.value() else queryset


class DeliveredFilter(admin.SimpleListFilter):
    """Whether the receiver has it."""

    title, parameter_name = "state", "delivered"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The two."""
        return [("yes", "delivered"), ("no", "not delivered")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:
        """Those that were, or were not."""
        if self.value() not in {"yes", "no"}:
            return queryset
        return queryset.filter(delivered_at__isnull=self.value() == "no")
