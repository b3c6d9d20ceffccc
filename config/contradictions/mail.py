"""A provider of mails: what it needs."""

from django.conf import settings

from config.contradictions.rules import rule


@rule
def mail_provider_cannot_be_spoken_to() -> bool:
    """MAIL_PROVIDER needs the package of requirements/anymail.txt, which is not installed."""
    return bool(settings.MAIL_PROVIDER.name) and not settings.MAIL_PROVIDER.is_installed


@rule
def mail_provider_has_no_key() -> bool:
    """MAIL_PROVIDER needs MAIL_PROVIDER_KEY, a word without spaces; MAIL_PROVIDER_KEY, _URL and
    _LOGIN mean nothing without MAIL_PROVIDER.
    """
    found = settings.MAIL_PROVIDER
    if not found.name:
        return any((found.key, found.url, found.login))
    return not found.key or not found.key.isascii() or " " in found.key


@rule
def mail_provider_login_is_none() -> bool:
    """MAIL_PROVIDER_LOGIN must be name:password, with 24 letters of password or more: whoever has
    it can end subscriptions.
    """
    login: str = settings.MAIL_PROVIDER.login
    name, _, password = login.partition(":")
    return bool(login) and (not name or len(password) < 24)
