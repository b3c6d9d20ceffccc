"""For staff: the catalogue, to be edited; what orders hold of it, to be looked at."""

from typing import ClassVar

from django.contrib import admin
from django.http import HttpRequest

from shop.models import Product, Reservation
from shop.wording import euros


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    """Prices, stock and texts. An article number is for ever: orders and suppliers know it."""

    list_display = ("title", "sku", "category", "supplier", "price", "available", "on_sale")
    list_filter = ("category", "supplier", "on_sale")
    list_editable = ("available", "on_sale")
    search_fields = ("title", "sku", "slug", "venue")
    prepopulated_fields: ClassVar = {"slug": ("title",)}

    @admin.display(ordering="price_cents")
    def price(self, product: Product) -> str:
        """In euros."""
        return euros(product.price_cents)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Product | None = None
    ) -> tuple[str, ...]:
        """The article number of what exists."""
        return ("sku",) if obj else ()


@admin.register(Reservation)
class ReservationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    """Read-only: they belong to their orders."""

    list_display = ("order", "product", "quantity", "state", "created_at")
    list_filter = ("state", "product__supplier")
    list_select_related = ("order", "product")
    search_fields = ("order__number", "product__title", "product__sku")
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only an order reserves."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Reservation | None = None) -> bool:
        """Only an order changes them."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Reservation | None = None) -> bool:
        """They are the record of what was given back."""
        return False
