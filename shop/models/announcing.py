"""Whoever changes a product has announced it, in the same transaction: the model sees to it.

Creating, saving, updating and deleting go through here, so that a new way of changing products
cannot forget. What only counts stock is no change: whoever shows that reads it fresh. Not for SQL
that goes past the model: there the database raises the version and nothing is announced; who has to
know finds it by the version.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import models
from django.db.models import F

from shop.events import MOST_AT_ONCE
from shop.models.noting import announced_together

M = TypeVar("M", bound="Announced")

# Every order changes them.
COUNTED = frozenset({"available"})


class Announcing(models.QuerySet[M]):
    """Each verb is one transaction."""

    def update(self, **values: Any) -> int:
        """As Django does it; the rows are held from the first to the last, in article order."""
        if COUNTED.issuperset(values):
            return super().update(**values)
        with announced_together() as noted:
            held = self.order_by("sku").select_for_update(of=("self",), no_key=True)
            ids = list(held.values_list("pk", flat=True))
            noted.changed.update(ids)
            parts = (ids[at : at + MOST_AT_ONCE] for at in range(0, len(ids), MOST_AT_ONCE))
            return sum(models.QuerySet.update(self.filter(pk__in=some), **values) for some in parts)

    def touch(self) -> int:
        """What belongs to them has changed. Returns how many they are; they stay locked."""
        return self.update(version=F("version") + 1)

    def bulk_create(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> list[M]:
        """As Django does it. Where conflicts are ignored, what was there already is announced too:
        it cannot be told apart.
        """
        with announced_together() as noted:
            made = super().bulk_create(objs, *args, **kwargs)
            noted.changed.update(one.pk for one in made if one.pk)
            if unknown := [one.sku for one in made if not one.pk]:
                found = self.model.objects.filter(sku__in=unknown)
                noted.changed.update(found.values_list("pk", flat=True))
        return made

    def delete(self) -> tuple[int, dict[str, int]]:
        """As Django does it."""
        with announced_together() as noted:
            noted.gone.update(_known(self))
            return super().delete()

    update.alters_data = touch.alters_data = True  # type: ignore[attr-defined]
    bulk_create.alters_data = delete.alters_data = True  # type: ignore[attr-defined]
    # `Product.objects.delete()` is nothing that anybody means.
    delete.queryset_only = True  # type: ignore[attr-defined]


class Announced(models.Model):
    """Something whose changes are announced.

    The database raises `version` with every change of the row, whoever makes it, but for what is
    only counted.
    """

    sku: Any
    version = models.BigIntegerField(default=1, db_default=1, editable=False)

    objects = Announcing.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """As Django does it."""
        written = kwargs.get("update_fields")
        if written is not None and COUNTED.issuperset(written):
            super().save(*args, **kwargs)
            return
        with announced_together() as noted:
            super().save(*args, **kwargs)
            noted.changed.add(self.pk)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """As Django does it."""
        with announced_together() as noted:
            noted.gone.update(_known(type(self).objects.filter(pk=self.pk)))
            return super().delete(*args, **kwargs)


def _known(found: models.QuerySet[Any]) -> dict[int, tuple[str, int]]:
    """SKU and version by row number."""
    return {pk: (sku, version) for pk, sku, version in found.values_list("pk", "sku", "version")}
