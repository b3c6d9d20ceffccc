"""Each delivery: to whom, what, every attempt, and one more."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.html import format_html

from deferral.admin.kit import formatting
from deferral.admin.kit.decisions import decide, possible
from deferral.admin.kit.searching import KINDS, Findable
from deferral.models import Job
from orders.admin.sections import decided_about
from webhooks.admin.curl import curl
from webhooks.admin.decisions import ABOUT_DELIVERIES
from webhooks.admin.filters import DeliveredFilter, TypeFilter
from webhooks.admin.permissions import may_manage
from webhooks.models import Delivery, DeliveryAttempt

KINDS.add("endpoint")


def with_state(deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """With what the lists say of each: its job's state, how often it was tried, what came last."""
    first = Job.objects.filter(key=OuterRef("webhook_id")).values("state")
    attempts = DeliveryAttempt.objects.filter(delivery=OuterRef("pk")).order_by()
    counted = attempts.values("delivery").annotate(n=Count("pk")).values("n")
    latest = attempts.order_by("-id")
    return deliveries.select_related("endpoint").annotate(
        job_state=Subquery(first[:1]),
        tries=Subquery(counted),
        last_status=Subquery(latest.values("status")[:1]),
        last_error=Subquery(latest.values("error")[:1]),
    )


def state_of(delivery: Any) -> str:
    """Delivered, or what its first job is waiting for."""
    if delivery.delivered_at:
        return formatting.pill("delivered", "good")
    return (
        formatting.state_pill(delivery.job_state)
        if delivery.job_state
        else formatting.pill("no job")
    )


@admin.register(Delivery)
class DeliveryAdmin(Findable[Delivery]):
    """The list, and a page with everything that came of one."""

    change_form_template = "admin/webhooks/delivery.html"
    ordering = ("-id",)
    list_display = ("at", "endpoint", "type", "its_order", "state", "attempts")
    list_filter = (DeliveredFilter, TypeFilter, "endpoint", "created_at")
    search_fields = ("subject__in", "webhook_id__startswith")
    search_help_text = "An order's number, or the beginning of a webhook-id."
    fields = ("webhook_id", "to", "type", "its_order", "state", "at", "delivered", "its_jobs")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        """Without the bodies."""
        return with_state(super().get_queryset(request)).defer("body")

    def get_urls(self) -> list[URLPattern]:
        """With the page that asks why one is sent again."""
        view = self.admin_site.admin_view(self.decide)
        here = path("<int:delivery_id>/decide/<slug:name>/", view, name="webhooks_delivery_decide")
        return [here, *super().get_urls()]

    def decide(self, request: HttpRequest, delivery_id: int, name: str) -> HttpResponse:
        """Resend."""
        if name not in ABOUT_DELIVERIES:
            raise Http404
        rows = Delivery.objects.select_related("endpoint")
        return decide(self, request, rows, delivery_id, ABOUT_DELIVERIES[name])

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With its attempts, its body, and, for who may send it, the button and the command."""
        delivery: Delivery = kwargs["obj"]
        context["attempts"] = delivery.attempts.order_by("id")
        context["decisions"] = possible(request, delivery, ABOUT_DELIVERIES)
        context["section"] = decided_about(delivery)
        # Its address is whole, and a part of that may be a password.
        may_call = may_manage(request) and not delivery.endpoint.unsigned_because
        context["curl"] = curl(delivery) if may_call else ""
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description="endpoint")
    def to(self, delivery: Delivery) -> str:
        """Its page, and where that is: the rest of the address may be a password."""
        return format_html(
            "{} · {}", formatting.link_to(delivery.endpoint), delivery.endpoint.place
        )

    @admin.display(description="about")
    def its_order(self, delivery: Delivery) -> str:
        """Everything done about the same subject."""
        return formatting.jobs_about(delivery.subject)

    @admin.display
    def state(self, delivery: Delivery) -> str:
        """As a pill."""
        return state_of(delivery)

    @admin.display
    def attempts(self, delivery: Any) -> str:
        """How many, and what came of the last."""
        came = delivery.last_status or delivery.last_error
        return f"{delivery.tries} · {came}"[:60] if delivery.tries else "0"

    @admin.display(description="created", ordering="id")
    def at(self, delivery: Delivery) -> str:
        """When its body was frozen, just before the first attempt."""
        return formatting.clock(delivery.created_at)

    @admin.display
    def delivered(self, delivery: Delivery) -> str:
        """When the receiver first had it."""
        return formatting.clock(delivery.delivered_at)

    @admin.display(description="jobs")
    def its_jobs(self, delivery: Delivery) -> str:
        """The first, and those of each resend."""
        others = Q(key__startswith=f"{delivery.webhook_id}:")  # order 17's are not order 1's
        jobs = Job.objects.filter(Q(key=delivery.webhook_id) | others).only("key", "state")
        return formatting.as_list(
            format_html("{} {}", formatting.link_to(job), formatting.state_pill(job.state))
            for job in jobs.order_by("id")
        )


def latest(deliveries: QuerySet[Delivery], count: int) -> str:
    """A table of the latest, for an endpoint's page."""
    rows = [(row, state_of(row)) for row in with_state(deliveries).order_by("-id")[:count]]
    return render_to_string("admin/webhooks/_latest.html", {"rows": rows})
