"""What is sold, how much of it there is, what each order holds of it, and who looks for one."""

from shop.models.films import ProductFilm
from shop.models.imports import ChangedCell, ImportArchive, ProductImport, RefusedCell
from shop.models.noting import announced_together
from shop.models.order_links import LONGEST_NUMBER, OrderLink
from shop.models.pictures import MOST_PICTURES, ProductPicture
from shop.models.products import LONGEST_DESCRIPTION, MOST_IN_STOCK, Product
from shop.models.reservations import Reservation
from shop.models.search import LONGEST_WORD, ProductSearch, SearchWord
from shop.models.selling import NOT_A_SKU, SKU, TAKEN, TOO_DEAR, hindrances

__all__ = [
    "LONGEST_DESCRIPTION",
    "LONGEST_NUMBER",
    "LONGEST_WORD",
    "MOST_IN_STOCK",
    "MOST_PICTURES",
    "NOT_A_SKU",
    "SKU",
    "TAKEN",
    "TOO_DEAR",
    "ChangedCell",
    "ImportArchive",
    "OrderLink",
    "Product",
    "ProductFilm",
    "ProductImport",
    "ProductPicture",
    "ProductSearch",
    "RefusedCell",
    "Reservation",
    "SearchWord",
    "announced_together",
    "hindrances",
]
