"""Who is logged in."""

from typing import ClassVar

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.utils import timezone

from accounts.sessions import SessionStore


class Sessions(BaseSessionManager["Session"]):
    """Django's manager, and a question."""

    def living(self) -> models.QuerySet["Session"]:
        """Those that let somebody in."""
        return self.filter(expire_date__gt=timezone.now())


class Session(AbstractBaseSession):
    """One browser of somebody who is logged in. It is not in the admin: its key is nobody's to see.

    `session_key` is a digest of what the cookie holds. Leaves on logout, or the night after.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="sessions"
    )

    objects: ClassVar[Sessions] = Sessions()

    class Meta(AbstractBaseSession.Meta):
        default_permissions = ()
        permissions: ClassVar = [("end_sessions", "Can end all sessions of a user")]

    def __str__(self) -> str:
        return f"session of {self.user_id}"

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        """As Django's manager wants to know."""
        return SessionStore
