"""Orders: the list, and the page of one with everything done about it."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html

from accounts.mailboxes import searched
from accounts.telephones import as_written
from deferral.admin.kit.decisions import decide, possible
from deferral.admin.kit.formatting import NOTHING
from deferral.admin.kit.searching import KINDS, SPELLINGS, Findable
from orders.admin.decisions import DECISIONS, may_decide
from orders.admin.inlines import LineInline, PaymentInline
from orders.admin.money import money
from orders.admin.numbers import number_in
from orders.admin.sections import sections_for
from orders.customer_page import ADDRESS, customers_address
from orders.models import Order

# Events and jobs about an order are found by its number.
KINDS.add("order")
SPELLINGS.extend((number_in, searched))
CLOSING = ("closed_at", "refunded_at", "closed_by", "closed_reason")


@admin.register(Order)
class OrderAdmin(Findable[Order]):
    """What staff decide is decided on pages of their own."""

    change_form_template = "admin/orders/order.html"
    list_display = ("number", "state", "name", "mailbox", "total", "went_back", "created_at")
    list_filter = ("state", "created_at", "paid_at")
    search_fields = ("number__in", "email__exact", "email__istartswith", "name__icontains")
    search_help_text = "A number, an e-mail address or its beginning, or a name."
    inlines: ClassVar = [LineInline, PaymentInline]
    fieldsets = (
        (
            None,
            {"fields": ("number", "reference", "state", "public_page", "created_at", "paid_at")},
        ),
        ("Customer", {"fields": ("name", "mailbox", "address", "telephone")}),
        ("Money", {"fields": ("subtotal", "shipping", "tax", "total", "went_back")}),
        ("Cancelled or refunded", {"fields": CLOSING}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        """With the payments, of which some went back."""
        return super().get_queryset(request).prefetch_related("payments")

    def get_fieldsets(self, request: HttpRequest, obj: Order | None = None) -> Any:
        """The customer's own link, which opens the order to anybody, for who decides about it."""
        found = super().get_fieldsets(request, obj)
        return with_address(found, may_open=may_decide(request))

    def get_urls(self) -> list[URLPattern]:
        """With the pages on which something is decided."""
        view = self.admin_site.admin_view(self.decide)
        here = path("<int:order_id>/decide/<slug:name>/", view, name="orders_order_decide")
        return [here, *super().get_urls()]

    def decide(self, request: HttpRequest, order_id: int, name: str) -> HttpResponse:
        """Cancel, refund, and what other apps add."""
        if name not in DECISIONS:
            raise Http404
        return decide(self, request, Order.objects.all(), order_id, DECISIONS[name])

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With what may be decided, and what every app knows of it."""
        order: Order = kwargs["obj"]
        context["decisions"] = possible(request, order, DECISIONS)
        context["sections"] = sections_for(request, order)
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description="customer's page")
    def public_page(self, order: Order) -> str:
        """As the customer sees it, by the customer's own link."""
        address = customers_address(order)
        query = urlencode({"token": order.link_token})
        return format_html('<a href="{}?{}">{}</a>', address, query, address)

    @admin.display(description="e-mail", ordering="email")
    def mailbox(self, order: Order) -> str:
        """As the customer would write it."""
        return order.mailbox

    @admin.display
    def telephone(self, order: Order) -> str:
        """As the customer would write it."""
        return as_written(order.phone) or NOTHING

    @admin.display(description="customer's page")
    def page_address(self, order: Order) -> str:
        """Without what opens it."""
        return customers_address(order)

    @admin.display
    def subtotal(self, order: Order) -> str:
        """Of the lines."""
        return money(order.subtotal_cents, order.currency)

    @admin.display
    def shipping(self, order: Order) -> str:
        """Tax included."""
        return money(order.shipping_cents, order.currency)

    @admin.display
    def tax(self, order: Order) -> str:
        """Included in the total."""
        return money(order.tax_cents, order.currency)

    @admin.display(description="refunded")
    def went_back(self, order: Order) -> str:
        """What the provider has given back of it."""
        cents = order.refunded_cents
        return money(cents, order.currency) if cents else NOTHING

    @admin.display(ordering="total_cents")
    def total(self, order: Order) -> str:
        """What was to be paid."""
        return money(order.total_cents, order.currency)


def with_address(fieldsets: Any, *, may_open: bool) -> list[tuple[Any, dict[str, Any]]]:
    """The same fields. Who may not open the page has its address alone; without a storefront there
    is none.
    """
    page = "public_page" if may_open else "page_address"
    instead = {"public_page": [page] if ADDRESS else []}
    found = []
    for name, options in fieldsets:
        fields = [field for one in options["fields"] for field in instead.get(one, [one])]
        found.append((name, options | {"fields": fields}))
    return found
