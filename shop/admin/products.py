"""The catalogue, edited while it is being sold."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import CheckboxInput
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from deferral.admin.kit.typing_in import TYPED
from deferral.guarded import Guarded
from deferral.text.typed import tidy
from shop.admin.film import film_made, film_page
from shop.admin.pictures import picture_state, pictures_page
from shop.admin.preview import preview
from shop.admin.product_form import ProductForm, SellableForm, columns
from shop.admin.restocking import restock
from shop.admin.sending_films import send_film
from shop.gallery import remove_products
from shop.models import Product, announced_together
from shop.wording import euros

FIELDSETS: Any = (
    (None, {"fields": ("title", "sku", "slug", "category", "subtitle", "description")}),
    ("Price", {"fields": ("price", "tax_basis_points")}),
    ("Where it comes from", {"fields": ("supplier", "available")}),
    ("Tickets", {"fields": ("event_at", "venue")}),
    ("Drawn picture", {"fields": ("art_motif", "art_object", "art_seed")}),
    ("In the shop", {"fields": ("position", "on_sale")}),
)


@admin.register(Product)
class ProductAdmin(Guarded[Product]):
    """Prices and texts. An article number is for ever: orders and suppliers know it.

    The stock is given once, with a new product. Afterwards it is counted up and down on a page of
    its own: a number written over it would sell again what was sold since the page was opened.
    """

    form = ProductForm
    change_form_template = "admin/shop/product.html"
    fieldsets = FIELDSETS
    list_display = ("title", "sku", "category", "supplier", "price", "available", "on_sale")
    list_filter = ("category", "supplier", "on_sale")
    list_editable = ("on_sale",)
    search_fields = ("title", "sku", "slug", "venue")
    formfield_overrides = TYPED

    def get_urls(self) -> list[URLPattern]:
        """With the pages of its stock, its pictures, its film, and what customers will see."""
        own = self.restock, self.pictures, self.film, self.send_film, self.preview
        restock, pictures, film, send, preview = map(self.admin_site.admin_view, own)
        state = "<int:product_id>/pictures/<int:picture_id>/"
        return [
            path("<int:product_id>/restock/", restock, name="shop_product_restock"),
            path("<int:product_id>/pictures/", pictures, name="shop_product_pictures"),
            path("<int:product_id>/film/", film, name="shop_product_film"),
            path("<int:product_id>/film/made/", self.film_made, name="shop_product_film_made"),
            path("<int:product_id>/film/send/", send, name="shop_product_send_film"),
            path(state, self.picture, name="shop_product_picture"),
            path("<int:product_id>/preview/", preview, name="shop_product_preview"),
            *super().get_urls(),
        ]

    def pictures(self, request: HttpRequest, product_id: int) -> HttpResponse:
        """Added, put in order, taken away."""
        return pictures_page(self, request, product_id)

    def film(self, request: HttpRequest, product_id: int) -> HttpResponse:
        """How far it is, its captions, and taking it away."""
        return film_page(self, request, product_id)

    def film_made(self, request: HttpRequest, product_id: int) -> HttpResponse:
        """How far it is."""
        return film_made(self, request, product_id)

    def send_film(self, request: HttpRequest, product_id: int) -> HttpResponse:
        """One, of any size that is taken."""
        return send_film(self, request, product_id)

    def picture(self, request: HttpRequest, product_id: int, picture_id: int) -> HttpResponse:
        """How far one of them is."""
        return picture_state(self, request, product_id, picture_id)

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Product | None = None
    ) -> dict[str, Any]:
        """An address of the title, while it is typed; never one that customers know already."""
        return {} if obj else {"slug": ("title",)}

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What is new is looked at before it is sold."""
        return {"on_sale": False, **super().get_changeform_initial_data(request)}

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Product], search_term: str
    ) -> tuple[QuerySet[Product], bool]:
        """As the texts are kept."""
        return super().get_search_results(request, queryset, tidy(search_term))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """All that is saved in the list at once is announced at once."""
        if request.method != "POST":
            return super().changelist_view(request, extra_context)
        with announced_together():
            return super().changelist_view(request, extra_context)

    def restock(self, request: HttpRequest, product_id: int) -> HttpResponse:
        """More, or fewer."""
        return restock(self, request, product_id)

    def preview(self, request: HttpRequest, product_id: int) -> HttpResponse:
        """As customers will see it."""
        return preview(self, request, product_id)

    def save_model(
        self,
        request: HttpRequest,
        obj: Product,
        form: Any,
        change: bool,  # noqa: FBT001 - Django's
    ) -> None:
        """Write what was changed and nothing else: the rest of the row may have moved on."""
        obj.save(update_fields=columns(form.changed_data) if change else None)

    def delete_model(self, request: HttpRequest, obj: Product) -> None:
        """With its pictures and its film, which everybody could see for ever otherwise."""
        remove_products([obj.pk])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        """All of them, or none."""
        remove_products(list(queryset.values_list("pk", flat=True)))

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        """The field of each row with a name of its own, for those who do not see the column's."""
        widgets = {"on_sale": CheckboxInput({"aria-label": "on sale"})}
        return super().get_changelist_form(
            request, **{**kwargs, "form": SellableForm}, widgets=widgets
        )

    @admin.display(ordering="price_cents")
    def price(self, product: Product) -> str:
        """In euros."""
        return euros(product.price_cents)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Product | None = None
    ) -> tuple[str, ...]:
        """The article number and the stock of what exists; the address of what is on sale."""
        if obj is None:
            return ()
        return ("sku", "available", "slug") if obj.on_sale else ("sku", "available")
