"""Goods that come back, in the admin: read, decided about, counted when they are here."""

from orders.admin.returns import pages, waiting

__all__ = ["pages", "waiting"]
