"""Events: what happened, what followed from it, and those whose handlers failed for good."""

import json
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from deferral.admin.dead_letters.settling import DeadLetters
from deferral.admin.jobs.filters import CauseFilter, TypeFilter
from deferral.admin.kit import formatting
from deferral.ledger import dead_letters
from deferral.models import Event, Job

# Counted for the rows of one page, each by the index of the foreign key.
JOBS = Job.objects.filter(event=OuterRef("pk")).order_by().values("event").annotate(n=Count("pk"))


@admin.register(Event)
class EventAdmin(DeadLetters[Event]):
    """Facts, and the jobs that the relay made of them. Read only, but for the dead."""

    kind: ClassVar = "type"
    settle: ClassVar = {
        "replay": dead_letters.replay_events,
        "discard": dead_letters.discard_events,
    }
    change_form_template = "admin/deferral/dead_letter.html"
    ordering = ("-id",)
    search_fields = ("subject__in", "type__startswith")
    search_help_text = "An order's number, or a type such as orders.order_paid."
    list_filter = ("state", TypeFilter, CauseFilter)
    list_display = (
        "id",
        "type",
        "about",
        "status",
        "attempts",
        "followed_by",
        "age",
        "last_error",
    )
    list_display_links = ("id", "type")
    fieldsets = (
        (None, {"fields": ("type", "status", "about", "content")}),
        ("Jobs", {"fields": ("its_jobs",)}),
        ("Errors", {"fields": ("attempts", "failures")}),
        ("What people did", {"fields": ("interventions",)}),
        ("Times", {"fields": ("times",)}),
        ("Origin", {"fields": ("schema_version", "origin")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        """With the last error and the number of jobs as columns."""
        return (
            super()
            .get_queryset(request)
            .annotate(
                last_class=F("errors__-1__class"),
                last_message=F("errors__-1__message"),
                jobs_written=Coalesce(Subquery(JOBS.values("n"), IntegerField()), 0),
            )
            .defer("errors", "context")
        )

    @admin.display(description="subject", ordering="subject")
    def about(self, event: Event) -> str:
        """Leads to everything done about the same subject."""
        return formatting.jobs_about(event.subject)

    @admin.display(description="state", ordering="state")
    def status(self, event: Event) -> str:
        """The state, coloured by how much it matters."""
        return formatting.state_pill(event.state)

    @admin.display(description="jobs")
    def followed_by(self, event: Any) -> str:
        """How many jobs were written because of it; leads to them."""
        address = reverse("admin:deferral_job_changelist")
        return format_html(
            '<a href="{}?event__exact={}">{}</a>', address, event.pk, event.jobs_written
        )

    @admin.display(ordering="-created_at")
    def age(self, event: Event) -> str:
        """How long ago it was written, in its own transaction."""
        return formatting.ago(event.created_at)

    @admin.display(description="last error")
    def last_error(self, event: Any) -> str:
        """Class and message of the last error, redacted as the row keeps them."""
        return formatting.cut_error(event.last_class, event.last_message)

    @admin.display(description="payload")
    def content(self, event: Event) -> str:
        """The event's own fields: ids, as JSON."""
        return json.dumps(event.payload)

    @admin.display(description="written because of it")
    def its_jobs(self, event: Event) -> str:
        """Every job, with its state."""
        jobs = event.jobs.only("key", "state", "event").order_by("id")
        return formatting.as_list(
            format_html("{} {}", formatting.link_to(job), job.state) for job in jobs
        )

    @admin.display(description="last errors")
    def failures(self, event: Event) -> str:
        """Of its handlers, with tracebacks."""
        return formatting.error_list(event.errors)

    @admin.display
    def interventions(self, event: Event) -> str:
        """Who replayed or discarded it, and why."""
        return formatting.intervention_list(event.interventions.order_by("-id"))

    @admin.display
    def times(self, event: Event) -> str:
        """When it was written, is due and was expanded, to the millisecond."""
        names = ("created_at", "next_at", "expanded_at")
        return formatting.as_list(
            f"{name}: {formatting.clock(getattr(event, name))}" for name in names
        )

    @admin.display
    def origin(self, event: Event) -> str:
        """The request in which it was published: its id, and its trace."""
        return json.dumps(event.context)
