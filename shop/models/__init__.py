"""What is sold, how much of it there is, and what each order holds of it."""

from shop.models.pictures import MOST_PICTURES, ProductPicture
from shop.models.products import MOST_IN_STOCK, Product
from shop.models.reservations import Reservation

__all__ = [
    "MOST_IN_STOCK",
    "MOST_PICTURES",
    "Product",
    "ProductPicture",
    "Reservation",
]
