"""What is said of an endpoint, in the list and on its own page."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Max, OuterRef, QuerySet, Subquery
from django.utils.html import format_html

from deferral.admin.kit import formatting
from deferral.models import Job
from webhooks.models import Delivery, Endpoint

MASKED = "whsec_" + 12 * "\N{BULLET}"
UNSIGNED = (
    "{} Nothing is sent there meanwhile; what is to be sent waits at no cost. Give back the key "
    "that sealed it, or rotate the secret."
)


def counted(endpoints: QuerySet[Endpoint]) -> QuerySet[Endpoint]:
    """With what these need to be said of many: when it last got something, and what waits."""
    done = Delivery.objects.filter(endpoint=OuterRef("pk"), delivered_at__isnull=False)
    last = done.order_by().values("endpoint").annotate(last=Max("delivered_at")).values("last")
    pending = Job.objects.filter(state=Job.State.PENDING).exclude(service="")  # as its index
    open_ = pending.filter(service=OuterRef("slug")).order_by()
    count = open_.values("service").annotate(n=Count("pk")).values("n")
    return endpoints.annotate(last=Subquery(last), waiting_jobs=Subquery(count))


@admin.display(description="address")
def place(endpoint: Endpoint) -> str:
    """Scheme and host: the rest may be a password, and is for who manages it."""
    return endpoint.place


@admin.display(description="events")
def hears_of(endpoint: Endpoint) -> str:
    """What it chose."""
    return formatting.as_list(endpoint.events)


@admin.display
def state(endpoint: Endpoint) -> str:
    """Disabled and why, failing and how often, or well."""
    if endpoint.disabled_at:
        why = formatting.pill("disabled", "bad")
        at = formatting.clock(endpoint.disabled_at)
        return format_html("{} {} · {}", why, at, endpoint.disabled_because)
    if endpoint.unsigned_because:
        return formatting.pill("secret cannot be opened", "bad")
    if endpoint.failing_since:
        return formatting.pill(f"failing, {endpoint.failures} times", "wait")
    return formatting.pill("well", "good")


@admin.display(description="failing since")
def failing(endpoint: Endpoint) -> str:
    """Since its first failure after its last success."""
    return formatting.clock(endpoint.failing_since)


@admin.display(description="last success")
def last_success(endpoint: Any) -> str:
    """Of any delivery."""
    return formatting.clock(endpoint.last)


@admin.display
def waiting(endpoint: Any) -> str:
    """Deliveries to be tried, now or later."""
    return str(endpoint.waiting_jobs or 0)


@admin.display(description="secret")
def signing(endpoint: Endpoint) -> str:
    """That there is one, and for how long the one before signs too. A button shows it."""
    if endpoint.unsigned_because:
        return format_html(UNSIGNED, endpoint.unsigned_because)
    if not endpoint.is_rotating:
        return MASKED
    until = formatting.clock(endpoint.previous_until)
    return format_html("{}<br>The one before signs too, until {}.", MASKED, until)


LISTED = (place, hears_of, state, last_success, failing, waiting, "at_once")
ON_ITS_PAGE = (state, failing, last_success, waiting)
