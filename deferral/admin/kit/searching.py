"""Finding rows in long tables: each lookup is asked alone, the surest first.

An index serves one column, and an OR over columns is served by none: Django's own search reads the
whole table for every word.
"""

from collections.abc import Callable, Sequence
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from deferral.admin.kit.read_only import M, ReadOnly
from deferral.text.composing import composed
from deferral.text.typed import tidy

# What subjects begin with: a subject is `kind:name`, and people type the name. Each app adds the
# kinds it publishes about.
KINDS: set[str] = {"schedule"}
# How else an app would spell what was typed; "" where it would not.
SPELLINGS: list[Callable[[str], str]] = []


class Findable(ReadOnly[M]):
    """`search_fields` are lookups; the first that finds anything is the answer, up to MOST rows.

    An `__in` looks for the words as they are, in capitals, and as a subject's name.
    """

    MOST = 1_000

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[M], search_term: str
    ) -> tuple[QuerySet[M], bool]:
        """At most one query more for each lookup."""
        meant = meanings(search_term)
        if not meant:
            return queryset, False
        everything = self.model._default_manager.order_by("-pk")  # noqa: SLF001 - documented
        for lookup in self.get_search_fields(request):
            rows = everything.filter(asked(lookup, meant)).values_list("pk", flat=True)
            if found := list(rows[: self.MOST]):
                return queryset.filter(pk__in=found), False
        return queryset.none(), False


def meanings(words: str) -> list[str]:
    """What somebody who types this may mean: in both normal forms, and as apps would spell it."""
    said = tidy(words)
    forms = {said, composed(said, "NFD")}
    return sorted(forms | {spell(said) for spell in SPELLINGS} - {""}) if said else []


def asked(lookup: str, meant: Sequence[str]) -> Q:
    """Any of them, of one column."""
    if not lookup.endswith("__in"):
        return reduce(or_, (Q(**{lookup: words}) for words in meant))
    names = {*meant, *(words.upper() for words in meant)}
    return Q(**{lookup: sorted(names | {f"{kind}:{name}" for kind in KINDS for name in names})})
