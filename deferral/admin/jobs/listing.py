"""Jobs: found by key or subject, filtered, and settled by a person when they are dead."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html

from deferral.admin.dead_letters.causes import causes_page
from deferral.admin.jobs.controls import CONTROLS, is_long, progress_with_controls
from deferral.admin.jobs.detail import JobPage
from deferral.admin.jobs.filters import CauseFilter, LongFilter, QueueFilter, TaskFilter
from deferral.admin.jobs.timing import timing_page
from deferral.admin.kit import formatting
from deferral.admin.kit.decisions import decide
from deferral.admin.kit.live_progress import poll
from deferral.models import Job

# What the list does not show: ten tracebacks a row.
HEAVY = ("errors", "kwargs", "context")


@admin.register(Job)
class JobAdmin(JobPage):
    """All jobs, youngest first. What is dead can be replayed or discarded."""

    ordering = ("-id",)
    search_fields = ("subject__in", "key__startswith")
    search_help_text = "A key such as order_confirmation:H-10017-7kq2m9xv, or an order's number."
    linked = ("subject__exact", "task_id__exact", "event__exact")
    list_filter = ("state", LongFilter, QueueFilter, TaskFilter, CauseFilter)
    list_display = (
        "key",
        "its_task",
        "about",
        "status",
        "tries",
        "next_try",
        "age",
    )
    list_of_dead = ("key", "its_task", "about", "tries", "age", "last_error")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        """With the last error as columns, without the weight of all of them."""
        last = {"last_class": F("errors__-1__class"), "last_message": F("errors__-1__message")}
        return super().get_queryset(request).annotate(**last).defer(*HEAVY)

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """Of the dead, what they died of; it is too wide for a list of everything."""
        dead = request.GET.get("state__exact") == Job.State.DEAD or "cause" in request.GET
        return self.list_of_dead if dead else self.list_display

    def get_urls(self) -> list[URLPattern]:
        """With the pages that look at many jobs together."""
        causes, timing = (self.admin_site.admin_view(view) for view in (self.causes, self.timing))
        decide = self.admin_site.admin_view(self.decide)
        return [
            path("<int:job_id>/decide/<slug:verb>/", decide, name="deferral_job_decide"),
            path("<int:job_id>/progress/", self.progress, name="deferral_job_progress"),
            path("dead-letters/", causes, name="deferral_dead_letters"),
            path("time-per-task/", timing, name="deferral_time_per_task"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With the bars of a long job, and what may be decided about it."""
        job: Job | None = kwargs.get("obj")
        if job and is_long(job):
            context |= {"live": progress_with_controls(request, job), "is_live": True}
        return super().render_change_form(request, context, *args, **kwargs)

    def progress(self, request: HttpRequest, job_id: int) -> HttpResponse:
        """Those bars again. Refused, not led to the login, where the session has ended."""
        if not (self.admin_site.has_permission(request) and self.has_view_permission(request)):
            raise PermissionDenied
        return poll(request, progress_with_controls(request, get_object_or_404(Job, pk=job_id)))

    def decide(self, request: HttpRequest, job_id: int, verb: str) -> HttpResponse:
        """Pause, resume, cancel."""
        if verb not in CONTROLS:
            raise Http404
        return decide(self, request, Job.objects.all(), job_id, CONTROLS[verb])

    def causes(self, request: HttpRequest) -> HttpResponse:
        """Dead rows by what they died of, most first."""
        return causes_page(self, request)

    def timing(self, request: HttpRequest) -> HttpResponse:
        """How long jobs waited and ran, by task, of those settled lately."""
        return timing_page(self, request)

    @admin.display(description="task", ordering="task")
    def its_task(self, job: Job) -> str:
        """In two lines where the window is narrow."""
        app, _, name = job.task.partition(".")
        return format_html("{}.<wbr>{}", app, name)

    @admin.display(description="state", ordering="state")
    def status(self, job: Job) -> str:
        """The state, coloured by how much it matters."""
        return formatting.state_pill(job.state)

    @admin.display(description="tries", ordering="attempts")
    def tries(self, job: Job) -> str:
        """Failures, and, when there were any, dead processes."""
        dead = job.crashes + job.losses
        return f"{job.attempts} · {dead} crashed" if dead else str(job.attempts)

    @admin.display(ordering="next_at")
    def next_try(self, job: Job) -> str:
        """When it runs: only what is pending will."""
        if job.state != Job.State.PENDING:
            return formatting.NOTHING
        wait = job.next_at - timezone.now()
        return f"in{formatting.GAP}{formatting.span(wait)}" if wait.total_seconds() > 0 else "due"

    @admin.display(ordering="-created_at")
    def age(self, job: Job) -> str:
        """How long ago the relay wrote it."""
        return formatting.ago(job.created_at)

    @admin.display(description="last error")
    def last_error(self, job: Any) -> str:
        """Class and message of the last error, redacted as the row keeps them."""
        return formatting.cut_error(job.last_class, job.last_message)
