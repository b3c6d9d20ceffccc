"""For staff: the catalogue, to be edited; what orders hold of it, to be looked at."""

from typing import Any, ClassVar

from django.contrib import admin
from django.forms import CheckboxInput, NumberInput
from django.http import HttpRequest

from deferral.admin.searching import Findable
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

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        """Each field of a row with a name of its own, for those who do not see the column's."""
        labels = {"available": NumberInput, "on_sale": CheckboxInput}
        widgets = {
            name: widget({"aria-label": name.replace("_", " ")}) for name, widget in labels.items()
        }
        return super().get_changelist_form(request, **kwargs, widgets=widgets)

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
class ReservationAdmin(Findable[Reservation]):
    """Read-only: they belong to their orders."""

    list_display = ("order", "product", "quantity", "state", "created_at")
    list_filter = ("state", "product__supplier")
    ordering = ("-id",)
    list_select_related = ("order", "product")
    search_fields = ("order__number__in", "product__sku__in", "product__title__icontains")
