"""What one import shows of itself, in the list and on its page."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Concat
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.safestring import SafeString

from deferral.admin.kit import formatting
from deferral.admin.kit.read_only import ReadOnly
from deferral.models import Job
from shop.imports.saying import said_of
from shop.models import ImportArchive, ProductImport

# Nothing comes of it any more: a file is kept for a week.
DELETED = "file deleted"
# By the column that is filled, the first that is: what is said of it, and in which colour.
ENDS = (
    ("withdrawn_at", "withdrawn", ""),
    ("done_at", "imported", "good"),
    ("refusal", "refused", "bad"),
    ("forgotten_at", DELETED, ""),
)


class Shown(ReadOnly[ProductImport]):
    """Its columns and fields."""

    list_display = ("name", "status", "found", "uploaded_by", "age")
    fields = (
        "name",
        "size_of",
        "pictures",
        "read_as",
        "status",
        "found",
        "done",
        "uploaded_by",
        "confirmed",
    )

    @admin.display(description="size", ordering="size")
    def size_of(self, source: ProductImport) -> str:
        """For people."""
        return filesizeformat(source.size)

    @admin.display(description="pictures")
    def pictures(self, source: ProductImport) -> str:
        """The ZIP that came along, if one did."""
        archive = ImportArchive.objects.filter(source=source).first()
        return f"{archive}, {filesizeformat(archive.size)}" if archive else formatting.NOTHING

    @admin.display(description="brought", ordering="uploaded_at")
    def age(self, source: ProductImport) -> str:
        """How long ago."""
        return formatting.ago(source.uploaded_at)

    @admin.display(description="what it would do")
    def found(self, source: ProductImport) -> str:
        """The dry run."""
        return source.refusal or said_of(source.findings) or formatting.NOTHING

    @admin.display(description="what it did")
    def done(self, source: ProductImport) -> str:
        """The import."""
        return said_of(source.results) or formatting.NOTHING

    @admin.display(description="confirmed by")
    def confirmed(self, source: ProductImport) -> str:
        """Who, and when."""
        if not source.confirmed_at:
            return formatting.NOTHING
        return f"{source.confirmed_by}, {formatting.clock(source.confirmed_at)[:-4]}"

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProductImport]:
        """With the state of both jobs, "" before the relay has written one."""
        looking, importing = (
            Job.objects.filter(key=Concat(Value(prefix), OuterRef("tag"))).values("state")[:1]
            for prefix in ("import_check:", "import_products:")
        )
        rows = super().get_queryset(request)
        return rows.annotate(looking=Subquery(looking), importing=Subquery(importing))

    @admin.display(description="state")
    def status(self, source: Any) -> SafeString:
        """In a word: what was decided, or how the job is that is to do it."""
        for name, said, tone in ENDS:
            if getattr(source, name):
                return formatting.pill(said, tone)
        if source.confirmed_at:
            return _under_way(source.importing, "importing")
        if source.checked_at:
            return formatting.pill("not confirmed", "wait")
        return _under_way(source.looking, "being looked at")


def _under_way(state: str | None, said: str) -> SafeString:
    """A job that was cancelled, paused or given up says so."""
    is_moving = state in {None, Job.State.PENDING, Job.State.RUNNING, Job.State.DONE}
    return formatting.pill(said, "busy") if is_moving else formatting.state_pill(str(state))
