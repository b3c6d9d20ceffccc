"""Loading: every app's tasks, handlers and contributions are known before anything runs."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from deferral.database import connections
from deferral.relay import markers, retention
from deferral.worker import liveness, replacement, stopping

# They connect to Celery's signals, or are tasks of the machinery itself.
__all__ = [
    "DeferralConfig",
    "connections",
    "liveness",
    "markers",
    "replacement",
    "retention",
    "stopping",
]


class DeferralConfig(AppConfig):
    """Finds `tasks`, `handlers` and `contributions` modules, and connects to Celery's signals."""

    name = "deferral"
    verbose_name = "Deferred work"

    def ready(self) -> None:
        """Import what registers itself."""
        autodiscover_modules("tasks", "handlers", "health", "contributions")
        for module in (
            "enqueueing",
            "health.machinery",
            "health.holding",
            "health.unexpanded",
            "schedules.guards",
            "threads.pool",
            "warm.status",
        ):
            import_module(f"{self.name}.{module}")
