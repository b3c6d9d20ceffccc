"""Statements in the admin: each customer's month, to find and to open."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from accounts.mailboxes import as_written
from deferral.admin.kit import formatting
from deferral.admin.kit.searching import Findable
from deferral.models import Job
from reports.models import Statement, StatementFile


def link_to_file(file: StatementFile | None) -> str:
    """Opens it; a dash while there is none."""
    if file is None:
        return formatting.NOTHING
    address = reverse("reports:statement", args=[file.key])
    return format_html('<a href="{}">{}</a>', address, file.filename)


class WrittenFilter(admin.SimpleListFilter):
    """Whether there is a file."""

    title = parameter_name = "written"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "written"), ("no", "not written")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Statement]) -> QuerySet[Statement]:
        if self.value() not in {"yes", "no"}:
            return queryset
        return queryset.filter(file__isnull=self.value() == "no")


@admin.register(Statement)
class StatementAdmin(Findable[Statement]):
    """Customers' months: found by an address, or by a statement's own tag."""

    list_display = ("name", "run", "orders", "paper")
    list_display_links = ("name",)
    list_filter = (WrittenFilter, "run")
    list_select_related = ("run", "file__run", "file__statement")
    search_fields = ("customer__exact", "tag__exact")
    search_help_text = "A whole address, or the number on a statement."
    fields = ("name", "run", "orders", "paper", "work")

    @admin.display(description="customer", ordering="customer")
    def name(self, statement: Statement) -> str:
        """The address as people write it."""
        return as_written(statement.customer)

    @admin.display(description="orders")
    def orders(self, statement: Statement) -> str:
        """How many, in each currency."""
        sums = statement.content["sums"].items()
        return ", ".join(f"{one['order'][0]:,} in {name.upper()}" for name, one in sorted(sums))

    @admin.display(description="file")
    def paper(self, statement: Statement) -> str:
        """A link to it."""
        return link_to_file(getattr(statement, "file", None))

    @admin.display(description="job")
    def work(self, statement: Statement) -> str:
        """What became of it; nothing once the ledger has let go of it."""
        job = Job.objects.filter(key=statement.key).first()
        if job is None:
            return formatting.NOTHING
        return format_html("{} {}", formatting.link_to(job), formatting.state_pill(job.state))
