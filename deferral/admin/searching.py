"""Finding rows in long tables: each lookup is asked alone, the surest first.

An index serves one column, and an OR over columns is served by none: Django's own search reads the
whole table for every word.
"""

from django.db.models import QuerySet
from django.http import HttpRequest

from deferral.admin.read_only import M, ReadOnly

# What subjects begin with: a subject is `kind:name`, and people type the name. Each app adds the
# kinds it publishes about.
KINDS: set[str] = {"schedule"}


class Findable(ReadOnly[M]):
    """`search_fields` are lookups; the first that finds anything is the answer, up to MOST rows.

    An `__in` looks for the words as they are, in capitals, and as a subject's name.
    """

    MOST = 1_000

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[M], search_term: str
    ) -> tuple[QuerySet[M], bool]:
        """At most one query more for each lookup."""
        words = search_term.strip()
        if not words:
            return queryset, False
        everything = self.model._default_manager.order_by("-pk")  # noqa: SLF001 - documented
        for lookup in self.get_search_fields(request):
            value = spellings(words) if lookup.endswith("__in") else words
            rows = everything.filter(**{lookup: value}).values_list("pk", flat=True)
            if found := list(rows[: self.MOST]):
                return queryset.filter(pk__in=found), False
        return queryset.none(), False


def spellings(words: str) -> list[str]:
    """What somebody who types this may mean."""
    names = {words, words.upper()}
    return sorted(names | {f"{kind}:{name}" for kind in KINDS for name in names})
