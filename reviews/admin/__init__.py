"""Reviews in the admin."""

from reviews.admin import reviews, waiting

__all__ = ["reviews", "waiting"]
