"""Finding rows by their subject through its index: a word in the middle of a column has none.

A subject is `kind:name`, and people type the name.
"""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from deferral.admin.read_only import M, ReadOnly

# What subjects begin with. Each app adds the kinds it publishes about.
KINDS: set[str] = {"schedule"}


class BySubject(ReadOnly[M]):
    """Besides what `search_fields` say, the words typed may be one subject, or its name."""

    subject_field = "subject"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[M], search_term: str
    ) -> tuple[QuerySet[M], bool]:
        """Both ways, each by an index."""
        found, duplicates = super().get_search_results(request, queryset, search_term)
        words = search_term.strip()
        if not words:
            return found, duplicates
        return found | queryset.filter(**self._named(words)), duplicates

    def _named(self, words: str) -> dict[str, Any]:
        names = {words, words.upper()}
        subjects = names | {f"{kind}:{name}" for kind in KINDS for name in names}
        return {f"{self.subject_field}__in": sorted(subjects)}
