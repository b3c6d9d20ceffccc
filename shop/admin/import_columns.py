"""What one import shows of itself, in the list and on its page."""

from django.contrib import admin
from django.template.defaultfilters import filesizeformat
from django.utils.safestring import SafeString

from deferral.admin.kit import formatting
from deferral.admin.kit.read_only import ReadOnly
from shop.imports.saying import said_of
from shop.models import ProductImport


class Shown(ReadOnly[ProductImport]):
    """Its columns and fields."""

    list_display = ("name", "status", "found", "uploaded_by", "age")
    fields = ("name", "size_of", "read_as", "status", "found", "done", "uploaded_by", "confirmed")

    @admin.display(description="size", ordering="size")
    def size_of(self, source: ProductImport) -> str:
        """For people."""
        return filesizeformat(source.size)

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

    @admin.display(description="state")
    def status(self, source: ProductImport) -> SafeString:
        """In a word."""
        if source.withdrawn_at:
            return formatting.pill("withdrawn")
        if source.done_at:
            return formatting.pill("imported", "good")
        if source.confirmed_at:
            return formatting.pill("importing", "busy")
        if source.refusal:
            return formatting.pill("refused", "bad")
        return formatting.pill("not confirmed", "wait") if source.checked_at else _looked_at()


def _looked_at() -> SafeString:
    return formatting.pill("being looked at", "busy")
