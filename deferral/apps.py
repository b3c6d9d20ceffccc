"""Loading: every app's tasks and handlers are known before anything runs."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from deferral import connections, markers, presence, replacement, retention, stopping

# They connect to Celery's signals, or are tasks of the machinery itself.
__all__ = [
    "DeferralConfig",
    "connections",
    "markers",
    "presence",
    "replacement",
    "retention",
    "stopping",
]


class DeferralConfig(AppConfig):
    """Finds `tasks` and `handlers` modules, and connects to Celery's signals."""

    name = "deferral"
    verbose_name = "Deferred work"

    def ready(self) -> None:
        """Import what registers itself."""
        autodiscover_modules("tasks", "handlers", "health", "holding", "unexpanded", "guards")
