"""The pages. Each module is one part of the shop."""

from shop.views.errors import page_not_found, server_error

__all__ = ["page_not_found", "server_error"]
