"""Sending a test: one press, and a page that looks by itself until it has come to something."""

import time

from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from deferral.admin.kit.decisions import write_down
from webhooks.admin.decisions import is_on
from webhooks.models import Delivery, Endpoint
from webhooks.payloads import TEST
from webhooks.recovery import send_test

# Seconds for which it looks.
CURIOUS = 60


def test_page(
    model_admin: admin.ModelAdmin[Endpoint], request: HttpRequest, endpoint: Endpoint
) -> HttpResponse:
    """On POST have it sent. Either way the endpoint's page is next."""
    page = reverse("admin:webhooks_endpoint_change", args=[endpoint.pk])
    if request.method != "POST" or not is_on(endpoint):
        return redirect(page)
    with transaction.atomic():
        webhook_id = send_test(endpoint_id=endpoint.pk, by=request.user.get_username())
        write_down(model_admin, request, endpoint, "Sent a test.")
    model_admin.message_user(request, "A test is on its way; it appears below.", messages.SUCCESS)
    return redirect(f"{page}?test={webhook_id}")


def is_awaited(endpoint: Endpoint, webhook_id: str) -> bool:
    """Whether a test was asked for just now, as its id says, and has come to nothing yet.

    False for anything that is no id of a test of this endpoint.
    """
    start, _, asked = webhook_id.rpartition(":")
    if start != f"{endpoint.slug}:{TEST}:{endpoint.tag}" or not asked.isdecimal():
        return False
    if abs(time.time() - float(asked)) >= CURIOUS:
        return False
    tried = Delivery.objects.filter(webhook_id=webhook_id, attempts__isnull=False)
    return not tried.exists()
