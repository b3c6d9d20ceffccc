"""The composition root: the only place that knows every part."""

from config.celery import app as celery_app
from config.lean import import_stripe

__all__ = ["celery_app"]

import_stripe()
