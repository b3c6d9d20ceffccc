"""The composition root as an app, and the admin in the place of Django's own admin site."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate

from config import askers, budget, production
from config.guests import bound_guests
from config.partner import make_partner
from config.roles import grant

# They register themselves: checks, and a signal's receiver.
__all__ = ["CompositionConfig", "HalyardAdminConfig", "askers", "budget", "production"]


class CompositionConfig(AppConfig):
    """No models: only questions to ask before anything starts."""

    name = "config"


class HalyardAdminConfig(AdminConfig):
    """Every app's admin module registers with this one."""

    default_site = "config.admin_site.HalyardAdmin"

    def ready(self) -> None:
        """Roles are rows, made of what migrating makes; so are the first endpoint and a setting."""
        super().ready()
        post_migrate.connect(grant, dispatch_uid="config.roles")
        post_migrate.connect(make_partner, dispatch_uid="config.partner")
        post_migrate.connect(bound_guests, dispatch_uid="config.guests")
