"""What orders hold of the catalogue."""

from django.contrib import admin

from deferral.admin.kit.searching import Findable
from shop.models import Reservation


@admin.register(Reservation)
class ReservationAdmin(Findable[Reservation]):
    """Read-only: they belong to their orders."""

    list_display = ("order", "product", "supplier", "quantity", "state", "created_at")
    list_filter = ("state", "supplier")
    ordering = ("-id",)
    list_select_related = ("order", "product")
    search_fields = ("order__number__in", "product__sku__in", "product__title__icontains")
