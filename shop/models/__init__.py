"""What is sold, how much of it there is, and what each order holds of it."""

from shop.models.products import MOST_IN_STOCK, Product
from shop.models.reservations import Reservation

__all__ = [
    "MOST_IN_STOCK",
    "Product",
    "Reservation",
]
