"""Who is logged in, as a row that can be taken back. Visitors have no session.

A cookie that holds a session itself lets in whoever has copied it until it expires: logging out
only tells one browser to forget it. Of a row it is enough that it is gone.
"""

import hashlib
import re
from typing import Any

from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.utils import timezone

# As Django makes them. Nothing is looked up for a cookie that is none of ours.
A_KEY = re.compile(f"[{VALID_KEY_CHARS}]{{32}}")


def name_of_row(key: str) -> str:
    """Under which the session of a cookie lies: who reads the table, or a dump, has no cookie."""
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()[:40]


class SessionStore(db.SessionStore):
    """Django's sessions in the database, by the digest of the cookie, with whose each is.

    Logging in makes a new row, so no cookie that was known before lets in. Saving one that is gone
    raises UpdateError: a request under way brings nothing back.
    """

    @classmethod
    def get_model_class(cls) -> Any:
        """With whose it is beside it."""
        return apps.get_model("accounts", "Session")

    def load(self) -> dict[str, Any]:
        """Nothing, where the row is gone or its time is over."""
        row = self._row()
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row.session_data)

    def exists(self, session_key: str) -> bool:
        """Whether a new key was given before."""
        return super().exists(name_of_row(session_key))

    def delete(self, session_key: str | None = None) -> None:
        """The row, if there is one. Safe to repeat."""
        if key := session_key or self.session_key:
            self.model.objects.filter(session_key=name_of_row(key)).delete()

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """The row as it is to lie there."""
        row: Any = super().create_model_instance(data)
        row.session_key, row.user_id = name_of_row(row.session_key), data.get(SESSION_KEY)
        return row

    def _row(self) -> Any:
        key = str(self.session_key)
        if not A_KEY.fullmatch(key):
            return None
        living = self.model.objects.filter(expire_date__gt=timezone.now())
        return living.filter(session_key=name_of_row(key)).first()
