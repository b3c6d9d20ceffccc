"""What a customer does in the shop, in short."""

import re
import uuid
from typing import Any, Protocol

from django.http import HttpResponseBase
from django.test import Client

from orders.addresses import Address
from orders.drafts import Draft
from orders.models import Order
from shop.access import signature_of
from shop.basket import Basket, BasketLine
from shop.checkout import place
from shop.models import Product

# As Ada writes it into the form.
ADDRESS = {
    "address": "1 Quay Street",
    "postcode": "18119",
    "town": "Warnemünde",
    "region": "",
    "country": "DE",
}


def fill_cart(customer: Client, **quantities: int) -> None:
    """Put products in the cart, by slug with underscores."""
    for slug, quantity in quantities.items():
        product = Product.objects.get(slug=slug.replace("_", "-"))
        customer.post("/cart/add/", {"sku": product.sku, "quantity": quantity})


def in_cart(customer: Client) -> dict[str, int]:
    """What the browser's cookies say."""
    kept = {name: morsel.value for name, morsel in customer.cookies.items() if morsel.value}
    articles = {name: text for name, text in kept.items() if name.startswith("cart-")}
    return {name.removeprefix("cart-"): int(text) for name, text in articles.items()}


def own(customer: Client, *orders: Order) -> Client:
    """Let this browser have placed them."""
    for order in orders:
        customer.cookies[f"order-{order.number}"] = signature_of(order)
    return customer


class Visitor(Protocol):
    """Whoever can open a page: Django's client, or a browser over the wire."""

    def get(self, path: str) -> Any: ...


def form_values(customer: Visitor, **changes: Any) -> dict[str, Any]:
    """The checkout form as Ada would fill it in."""
    html = customer.get("/checkout/").content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', html))
    return {
        **hidden,
        "name": "Ada Lovelace",
        "email": "ada@example.org",
        **ADDRESS,
        "payment_method": "pm_card_visa",
        **changes,
    }


def buy(customer: Client, **changes: Any) -> Any:
    """Send the checkout form."""
    return customer.post("/checkout/", form_values(customer, **changes))


def order_of(response: HttpResponseBase) -> Order:
    """The order a checkout led to."""
    number = re.fullmatch(r"/orders/(H-\d+)/", response["Location"])
    assert number is not None
    return Order.objects.get(number=number[1])


def a_draft(product: Product, quantity: int = 1, **changes: Any) -> Draft:
    """A basket of one line, ready to be ordered."""
    facts: dict[str, Any] = {
        "checkout_key": uuid.uuid4(),
        "name": "Ada",
        "email": "ada@example.org",
        "address": Address(street="1 Quay Street"),
    }
    return Basket((BasketLine(product, quantity),)).draft(**(facts | changes))


def placed(*wanted: tuple[Product, int]) -> Order:
    """An order with its reservations, not paid."""
    lines = tuple(BasketLine(product, quantity) for product, quantity in wanted)
    draft = Basket(lines).draft(
        checkout_key=uuid.uuid4(),
        name="Ada",
        email="ada@example.org",
        address=Address(street="1 Quay Street"),
    )
    order, _attempt, _is_new = place(draft)
    return order


def left_of(product: Product) -> int | None:
    """How many may still be sold."""
    return Product.objects.values_list("available", flat=True).get(pk=product.pk)
