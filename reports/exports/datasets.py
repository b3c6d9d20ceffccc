"""What can be exported: rows, their columns, and the list in the admin from which one asks."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Model, QuerySet

from reports.exports.columns import Column

Rows = QuerySet[Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Dataset:
    """`listed` is the model whose list in the admin it is asked from, and whose view permission it
    needs besides that of its own. `narrow` takes the rows to those that belong to a list's.
    """

    name: str
    title: str
    model: type[Model]
    listed: type[Model]
    columns: tuple[Column, ...]
    rows: Callable[[], Rows]
    narrow: Callable[[Rows, Rows], Rows]

    @property
    def permissions(self) -> tuple[str, ...]:
        """What one must be allowed to see."""
        models = (self.model, self.listed)
        return tuple(f"{one._meta.app_label}.view_{one._meta.model_name}" for one in models)  # noqa: SLF001 - documented

    def chosen(self, names: list[str]) -> list[Column]:
        """The columns of these names, in the dataset's order."""
        return [column for column in self.columns if column.name in names]


def _belonging(path: str, rows: Rows, listed: Rows) -> Rows:
    """Those whose `path` is in the list."""
    return rows.filter(**{f"{path}__in": listed.order_by().values("pk")})


def of_list(path: str) -> Callable[[Rows, Rows], Rows]:
    """`narrow`, where a row names what is listed by `path`."""
    return partial(_belonging, path)
