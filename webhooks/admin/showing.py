"""An endpoint's secret in clear: one press, written down before anything is shown."""

import structlog
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from deferral.admin.kit.decisions import write_down
from webhooks.models import Endpoint

log = structlog.get_logger(__name__)

SEEN = "Had the secret shown."


def secret_page(
    model_admin: admin.ModelAdmin[Endpoint], request: HttpRequest, endpoint: Endpoint
) -> HttpResponse:
    """On POST, once it is known who saw it. Else the endpoint's page.

    No browser keeps it: nothing of the admin is cached (`admin_view`).
    """
    if request.method != "POST" or endpoint.unsigned_because:
        return redirect("admin:webhooks_endpoint_change", endpoint.pk)
    write_down(model_admin, request, endpoint, SEEN)
    log.info("secret_shown", endpoint=endpoint.slug, by=request.user.get_username())
    context = {
        **model_admin.admin_site.each_context(request),
        "title": f"Secret of {endpoint}",
        "opts": model_admin.opts,
        "row": endpoint,
        "secrets": endpoint.secrets,
    }
    return TemplateResponse(request, "admin/webhooks/secret.html", context)
