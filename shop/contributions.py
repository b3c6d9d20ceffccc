"""What the shop says on a customer's page of an order, where it is, and what uploads are for."""

from django.urls import reverse

from accounts.personal_data import PERSONAL_DATA
from orders.customer_page import ADDRESS, CUSTOMERS, STEP_WORDS, Words
from orders.models import Order
from shop import film_uploads
from shop.personal import PERSONAL

# It declares a purpose.
__all__ = ["film_uploads", "order_address"]

BEFORE = "Done before the order was called off."


def order_address(order: Order) -> str:
    """The page, as whoever has its link or placed it opens it."""
    return reverse("shop:order", args=[order.number])


PERSONAL_DATA.fill("shop", PERSONAL)
ADDRESS.fill(CUSTOMERS, order_address)
STEP_WORDS.fill(
    "shop.reserve_print_room",
    Words(
        doing="Ordering your prints.",
        done="Your prints are being made.",
        who="The print room",
        missing="The print room has not accepted your prints.",
        called_off=BEFORE,
    ),
)
STEP_WORDS.fill(
    "shop.reserve_warehouse",
    Words(
        doing="Having your goods set aside.",
        done="Your goods are set aside.",
        who="The warehouse",
        missing="The warehouse has not set your goods aside.",
        called_off=BEFORE,
    ),
)
STEP_WORDS.fill(
    "shop.reserve_box_office",
    Words(
        doing="Having your seats entered.",
        done="Your seats are in the book.",
        who="The box office",
        missing="Your seats are yours, but the box office has not entered them.",
        called_off=BEFORE,
    ),
)
