"""The same shop with Django's own cache for whole pages: `cache_page` around the first one."""

import os

from django.conf import settings
from django.views.decorators.cache import cache_page

from config.wsgi import application
from shop import urls
from tests.bench.parts.pages.page import FRESH

__all__ = ["application"]

settings.CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": os.environ["TEXTBOOK_CACHE"],
    }
}


def wrap() -> None:
    """The view of the first page; the rest is as it is."""
    home = next(each for each in urls.urlpatterns if getattr(each, "name", "") == "home")
    home.callback = cache_page(FRESH)(home.callback)


wrap()
