"""Where the shop is reached, and what visitors' browsers may see of it."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import validate_host

from config.contradictions.rules import is_live, is_local, rule


@rule
def site_url_is_no_address() -> bool:
    """SITE_URL must be https://name or http://name, with a port if need be and no path."""
    site = urlsplit(settings.SITE_URL)
    return site.scheme not in {"http", "https"} or not site.netloc or bool(site.path)


@rule
def site_is_not_an_allowed_host() -> bool:
    """ALLOWED_HOSTS lacks the name in SITE_URL: every page would answer 400."""
    name = urlsplit(settings.SITE_URL).hostname or ""
    return not settings.DEBUG and not validate_host(name, settings.ALLOWED_HOSTS)


@rule
def redirects_to_https_for_ever() -> bool:
    """SSL_REDIRECT is on and BEHIND_PROXY off: the shop speaks http and would redirect for ever."""
    return settings.SECURE_SSL_REDIRECT and not settings.BEHIND_PROXY


@rule
def promises_https_over_http() -> bool:
    """SITE_URL is http, but SSL_REDIRECT or HSTS_SECONDS promise https."""
    promised = settings.SECURE_SSL_REDIRECT or settings.SECURE_HSTS_SECONDS
    return not settings.HTTPS and bool(promised)


@rule
def debug_in_public() -> bool:
    """DEBUG shows visitors settings and code: not with an https SITE_URL or a live payment key."""
    return settings.DEBUG and (settings.HTTPS or is_live())


@rule
def demo_login_in_public() -> bool:
    """DEMO_PASSWORD opens the admin: only beside the sandbox, with test cards and no live key."""
    at_home = settings.PAYMENT_TEST_METHODS or is_local(settings.SITE_URL)
    return bool(settings.DEMO_PASSWORD) and (is_live() or not at_home)
