"""The composition root as an app: so that its checks are asked."""

from django.apps import AppConfig

from config import budget, production

# They register themselves with Django's checks.
__all__ = ["CompositionConfig", "budget", "production"]


class CompositionConfig(AppConfig):
    """No models: only questions to ask before anything starts."""

    name = "config"
