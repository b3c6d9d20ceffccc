"""What is written down when somebody changes an endpoint: from what to what."""

from typing import Any

import structlog
from django.contrib import admin
from django.http import HttpRequest

from deferral.admin.kit.decisions import write_down
from webhooks.addresses import place_of
from webhooks.models import Endpoint

log = structlog.get_logger(__name__)


def note_changes(
    model_admin: admin.ModelAdmin[Endpoint], request: HttpRequest, endpoint: Endpoint, form: Any
) -> None:
    """Whoever moves it has everything sent to somebody else; a lower number slows it down."""
    about: dict[str, Any] = {"endpoint": endpoint.slug, "by": request.user.get_username()}
    if "url" in form.changed_data:
        before, after = place_of(form.initial["url"]), place_of(endpoint.url)
        write_down(model_admin, request, endpoint, f"Moved from {before} to {after}.")
        log.info("endpoint_moved", before=before, after=after, **about)
    if "at_once" in form.changed_data:
        few, many = form.initial["at_once"], endpoint.at_once
        told = f"From {few} to {many} deliveries at a time."
        write_down(model_admin, request, endpoint, told)
        log.info("endpoint_at_once_changed", before=few, after=many, **about)
