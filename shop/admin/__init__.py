"""The admin of the shop: the catalogue, to be edited; what orders hold of it, to be looked at."""

from shop.admin import imports, products, reservations

__all__ = ["imports", "products", "reservations"]
