"""Secrets as they lie in the database: sealed with a key that the database does not have.

Whoever reads a table, a dump or a backup has nothing without SEALING_KEYS. The first key seals,
each of them opens: a new one is put in front, `manage.py reseal` seals everything with it, and the
old one may go. Fernet (AES-128-CBC and HMAC-SHA256) of `cryptography`; ADR 0024 says why.
"""

from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models

MARK = "sealed:"


class NotOpened(Exception):
    """The secret was sealed with a key that is not among SEALING_KEYS, or was changed since."""

    def __init__(self) -> None:
        super().__init__(type(self).__doc__)


class Sealed(str):
    """A closed secret, as it lies in the database. Harmless on a page and in a log."""

    __slots__ = ()


def seal(secret: str) -> Sealed:
    """Closed by the first key. The same secret twice gives two different texts."""
    return Sealed(MARK + _keys().encrypt(secret.encode()).decode())


def opened(secret: str) -> str:
    """The secret in clear, also when it was never closed. NotOpened when none of our keys fits."""
    if not isinstance(secret, Sealed):
        return secret
    try:
        return _keys().decrypt(secret.removeprefix(MARK).encode()).decode()
    except InvalidToken:
        raise NotOpened from None


def _keys() -> MultiFernet:
    return _made_of(tuple(settings.SEALING_KEYS))


@cache
def _made_of(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


class SealedField(models.TextField[str, str]):
    """A secret: written in clear or closed, read closed. `opened` opens it; empty stays empty.

    So a row whose secret cannot be opened is read and written as any other. Nobody finds a row by
    it: every lookup is a FieldError. A dump holds it closed.
    """

    def from_db_value(self, value: Any, *_: Any) -> Any:
        """Closed, unless it is empty."""
        return self.to_python(value)

    def to_python(self, value: Any) -> Any:
        """What bears the mark is closed: a dump is read back as it was."""
        return Sealed(value) if isinstance(value, str) and value.startswith(MARK) else value

    def get_prep_value(self, value: Any) -> Any:
        """Closed, whoever writes it, and however."""
        is_clear = isinstance(value, str) and not isinstance(value, Sealed)
        return str(seal(value) if value and is_clear else value)

    def get_lookup(self, lookup_name: str) -> None:
        """There is none."""
