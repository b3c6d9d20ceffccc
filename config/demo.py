"""The login of the demonstration: it exists only in processes that were given its password."""

import hmac
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from accounts.login_names import login_name_in
from accounts.models import User

DEMO_USER = "harbour@halyard.example"


class DemoBackend(BaseBackend):
    """Lets DEMO_USER in with DEMO_PASSWORD, and nobody where that is not set.

    The row has no password of its own, so without the setting nothing can log in as it, and a
    session opened earlier ends.
    """

    def authenticate(
        self, request: HttpRequest | None, username: str = "", password: str = "", **_: Any
    ) -> User | None:
        """The demo user, or None."""
        secret = settings.DEMO_PASSWORD
        if not secret or login_name_in(username) != DEMO_USER:
            return None
        if not hmac.compare_digest(password.encode(), secret.encode()):
            return None
        facts = {"password": make_password(None), "is_staff": True, "is_superuser": True}
        return User.objects.get_or_create(email=DEMO_USER, defaults=facts)[0]

    def get_user(self, user_id: int) -> User | None:
        """The user of a session, while the demonstration runs."""
        if not settings.DEMO_PASSWORD:
            return None
        return User.objects.filter(pk=user_id, email=DEMO_USER).first()
