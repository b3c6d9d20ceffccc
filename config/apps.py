"""The composition root as an app: its checks are asked, and the desk is everybody's admin site."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig

from config import budget, production

# They register themselves with Django's checks.
__all__ = ["CompositionConfig", "DeskConfig", "budget", "production"]


class CompositionConfig(AppConfig):
    """No models: only questions to ask before anything starts."""

    name = "config"


class DeskConfig(AdminConfig):
    """Every app's admin module registers with this one."""

    default_site = "config.desk.Desk"
