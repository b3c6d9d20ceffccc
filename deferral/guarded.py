"""What every list in the admin is held to, whoever wrote it: it is asked for what it names.

Django lets whoever may see a list filter it by every column of the table and of its neighbours, by
every lookup: `?secret__regex=^whsec_a` reads a column that no page shows, a letter at a time. The
admin (`config.admin_site`) makes each class that is registered one of these, Django's own too.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar, TypeVar

from django.contrib import admin
from django.contrib.admin.filters import FieldListFilter, ListFilter, SimpleListFilter
from django.contrib.admin.utils import get_fields_from_path
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from deferral.list_links import links_above

M = TypeVar("M", bound=Model)
Action = tuple[Callable[..., Any], str, str]
SPANS = ("year", "month", "day", "gte", "lt")


class Guarded(admin.ModelAdmin[M]):
    """A list answers its own filters and `linked`: lookups that links of ours use. Else 400.

    An action that names no permission asks for the one to change. What a foreign key's
    `limit_choices_to` says is no lookup of the list it points at: there are no such pop-ups here.
    """

    linked: ClassVar[tuple[str, ...]] = ()

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Whether the list's address may ask this. Nobody overrides it: `config.admin_site`."""
        named = {*self.linked, *self._spans(), *self._offered(request)}
        return lookup in named and super().lookup_allowed(lookup, value, request)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """With the links that other apps put above it."""
        links = {"list_links": links_above(request, self.model)}
        return super().changelist_view(request, links | (extra_context or {}))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Those that this person may run."""
        found: dict[str, Any] = super().get_actions(request)
        if self.has_change_permission(request):
            return found
        return {name: one for name, one in found.items() if _names_permission(one)}

    def _spans(self) -> Iterator[str]:
        if self.date_hierarchy:
            yield from (f"{self.date_hierarchy}__{span}" for span in SPANS)

    def _offered(self, request: HttpRequest) -> Iterator[str | None]:
        """What the filters beside the list write into its address, as they say themselves."""
        for each in self.get_list_filter(request):
            yield from self._parameters(each, request)

    def _parameters(self, each: Any, request: HttpRequest) -> Iterable[str | None]:
        if isinstance(each, type) and issubclass(each, SimpleListFilter):
            return [each.parameter_name]
        if isinstance(each, type) and issubclass(each, ListFilter):
            return each(request, {}, self.model, self).expected_parameters()
        path, kind = (each, FieldListFilter.create) if isinstance(each, str) else each
        field = get_fields_from_path(self.model, path)[-1]
        made: FieldListFilter = kind(field, request, {}, self.model, self, field_path=path)
        return made.expected_parameters()


def _names_permission(one: Action) -> bool:
    return bool(getattr(one[0], "allowed_permissions", None))
