"""Who works here, and who is logged in. Only this app writes these tables."""

from accounts.models.session import Session
from accounts.models.user import User

__all__ = ["Session", "User"]
