"""Who has a login, who is logged in, and who asks to be. Only this app writes these tables."""

from accounts.models.deletion import AccountDeletion
from accounts.models.login_links import LoginLink
from accounts.models.mailed_links import MailedLink, forget_asked
from accounts.models.session import Session
from accounts.models.user import User

__all__ = [
    "AccountDeletion",
    "LoginLink",
    "MailedLink",
    "Session",
    "User",
    "forget_asked",
]
