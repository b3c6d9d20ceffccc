"""Months of statements in the admin: how far each is, its sums, and what needs somebody."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from deferral.admin.kit import formatting
from deferral.admin.kit.live_progress import LiveProgress, live_progress, poll, soon
from deferral.admin.kit.read_only import ReadOnly
from deferral.admin.kit.searching import KINDS
from deferral.models import Job
from reports.admin.statements import link_to_file
from reports.models import StatementRun
from reports.statements.paper import period, sums_in_words
from reports.statements.status import as_read, with_status
from reports.wording import month_words

KINDS.add("statements")


@admin.register(StatementRun)
class StatementRunAdmin(ReadOnly[StatementRun]):
    """One row a month."""

    change_form_template = "admin/reports/statementrun.html"
    list_display = ("its_month", "status", "statements_of", "asked_by", "asked", "told")
    list_display_links = ("its_month",)
    fields = (
        *("its_month", "status", "its_period", "sums", "paper", "statements_of"),
        *("asked_by", "asked", "frozen", "told"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With how far each is."""
        return with_status(super().get_queryset(request))

    def get_urls(self) -> list[URLPattern]:
        """With the bars of one, again and again."""
        name = "reports_statementrun_progress"
        return [path("<int:run_id>/progress/", self.progress, name=name), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With the steps of its job."""
        if run := kwargs.get("obj"):
            context |= {"live": live(run), "is_live": True}
        return super().render_change_form(request, context, *args, **kwargs)

    def progress(self, request: HttpRequest, run_id: int) -> HttpResponse:
        """Those steps. Refused, not led to the login, where the session has ended."""
        if not (self.admin_site.has_permission(request) and self.has_view_permission(request)):
            raise PermissionDenied
        return poll(request, live(get_object_or_404(StatementRun, pk=run_id)))

    @admin.display(description="month", ordering="month")
    def its_month(self, run: StatementRun) -> str:
        """`November 2026`."""
        return month_words(run.month)

    @admin.display(description="state")
    def status(self, run: Any) -> str:
        """How many are made, and how many need somebody."""
        status = as_read(run)
        tone = "busy" if not status.is_over else "bad" if status.open else "good"
        return formatting.pill(status.words, tone)

    @admin.display(description="period")
    def its_period(self, run: StatementRun) -> str:
        """To the second, by the clock in the shop."""
        since, until = (formatting.clock(one)[:-4] for one in (run.since, run.until))
        return f"{period(run)} (from {since} to before {until})"

    @admin.display(description="sums")
    def sums(self, run: StatementRun) -> str:
        """As on its paper, once they are frozen."""
        if run.totals is None:
            return formatting.NOTHING
        return render_to_string("admin/reports/_sums.html", {"currencies": sums_in_words(run)})

    @admin.display(description="sums as a file")
    def paper(self, run: StatementRun) -> str:
        """A link to it."""
        return link_to_file(run.files.filter(statement=None).select_related("run").first())

    @admin.display(description="statements")
    def statements_of(self, run: Any) -> str:
        """Links to their list, and to those that are not written."""
        address = reverse("admin:reports_statement_changelist")
        link = format_html(
            '<a href="{}?run__id__exact={}">{}</a>', address, run.pk, f"{run.frozen:,} in all"
        )
        if run.frozen == run.made:
            return link
        rest = f"{run.frozen - run.made:,} not written"
        return format_html(
            '{}, <a href="{}?run__id__exact={}&amp;written=no">{}</a>', link, address, run.pk, rest
        )

    @admin.display(description="asked for", ordering="asked_at")
    def asked(self, run: StatementRun) -> str:
        """To the second."""
        return formatting.clock(run.asked_at)[:-4]

    @admin.display(description="figures frozen")
    def frozen(self, run: StatementRun) -> str:
        """When all of them were; of each customer, a little before."""
        return formatting.clock(run.frozen_at)

    @admin.display(description="bookkeeper told", ordering="told_at")
    def told(self, run: StatementRun) -> str:
        """When all was written, or needed somebody."""
        return formatting.clock(run.told_at)


def live(run: StatementRun) -> LiveProgress:
    """The steps of its job, as they are now."""
    address = reverse("admin:reports_statementrun_progress", args=[run.pk])
    job = Job.objects.filter(key=run.key).first()
    return live_progress(job, address=address) if job else soon(run.pk, address=address)
