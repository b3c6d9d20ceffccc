"""Which rows: those of the list on the screen, as its filters and its search say them.

The list itself is asked, as the person who looks at it: an export never shows more than that.
"""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import SEARCH_VAR
from django.contrib.auth import get_user_model
from django.contrib.messages.api import MessageFailure
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

from deferral.admin.kit.searching import Findable
from deferral.errors import Bury
from reports.exports.catalogue import DATASETS
from reports.exports.datasets import Dataset, Rows
from reports.models import Export

EXPORT = "reports.add_export"
# Where a list's page, its order and its pop-ups stand in its address: they choose no rows.
NO_FILTERS = ("p", "o", "all", "e", "_popup", "_to_field", "_facets")


class NotExportable(Bury):
    """This list cannot be exported as it is. Its words are shown to whoever asked."""


def filters_of(query: str) -> str:
    """As much of a list's address as chooses rows."""
    found = QueryDict(query, mutable=True)
    for name in NO_FILTERS:
        found.pop(name, None)
    return found.urlencode()


def in_words(filters: str) -> str:
    """As `state = paid, q = ada`."""
    chosen = QueryDict(filters).items()
    return ", ".join(f"{name.removesuffix('__exact')} = {value}" for name, value in chosen)


def rows_of(export: Export) -> Rows:
    """The rows, unordered, none younger than the request. NotExportable."""
    dataset, user = dataset_of(export), asker(export)
    if user is None:
        msg = f"{export.asked_by} may not see this any more."
        raise NotExportable(msg, cause="may not see this any more")
    rows = dataset.rows().filter(pk__lte=export.last_id)
    if export.found is not None:
        return dataset.narrow(rows, listed_rows(dataset, "", user).filter(pk__in=export.found))
    if not export.filters:
        return rows
    return dataset.narrow(rows, listed_rows(dataset, export.filters, user))


def found_by_search(dataset: Dataset, filters: str, user: Any) -> list[int] | None:
    """The rows on the screen, where something is searched for; None where nothing is.

    NotExportable of more than a list shows: a search ends there, and nobody would be told.
    """
    if not QueryDict(filters).get(SEARCH_VAR):
        return None
    found = listed_rows(dataset, filters, user).order_by("pk").values_list("pk", flat=True)
    ids = list(found[: Findable.MOST])
    if len(ids) == Findable.MOST:
        msg = f"The search finds more than it lists ({Findable.MOST:,}). Take filters instead."
        raise NotExportable(msg)
    return ids


def dataset_of(export: Export) -> Dataset:
    """What its rows are. NotExportable where this code knows it no more."""
    if export.dataset not in DATASETS:
        msg = "This list is exported no more."
        raise NotExportable(msg)
    return DATASETS[export.dataset]


def asker(export: Export) -> Any | None:
    """Whoever asked for it, if they are still here and may still have it."""
    user = get_user_model().objects.filter(email=export.asked_by, is_active=True).first()
    return user if user and may_export(user, dataset_of(export)) else None


def may_export(user: Any, dataset: Dataset) -> bool:
    """Whether this person may export it: of the staff, and sees every row of it in the admin."""
    return bool(user.is_staff and user.has_perms((EXPORT, *dataset.permissions)))


def listed_rows(dataset: Dataset, filters: str, user: Any) -> QuerySet[Any]:
    """The rows of the list in the admin under these filters. NotExportable where it has no such."""
    request = HttpRequest()
    request.method, request.GET, request.user = "GET", QueryDict(filters), user
    try:
        model_admin = admin.site.get_model_admin(dataset.listed)
        changes = model_admin.get_changelist_instance(request)
        found: QuerySet[Any] = changes.get_queryset(request)
    except (
        IncorrectLookupParameters,
        MessageFailure,  # how the list tells of a search that is no text
        SuspiciousOperation,
        ValidationError,
    ) as error:
        msg = "The list has no such filters."
        raise NotExportable(msg) from error
    return found
