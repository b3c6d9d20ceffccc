"""Every sealed secret anew, under the first key: of whichever model has any."""

from collections.abc import Iterator

from django.apps import apps
from django.db import transaction
from django.db.models import Model

from webhooks.sealing import NotOpened, SealedField, opened, seal


def reseal() -> tuple[int, list[str]]:
    """How many secrets were sealed anew, and the rows whose could not be opened.

    Safe to repeat and to stop: each row is a transaction of its own, and holds its lock.
    """
    done, closed = 0, []
    for model, names in sealed_models():
        for key in model._default_manager.order_by("pk").values_list("pk", flat=True):  # noqa: SLF001 - documented
            try:
                done += _reseal_row(model, key, names)
            except NotOpened:
                closed.append(f"{model._meta.verbose_name} {key}")  # noqa: SLF001 - documented
    return done, closed


def sealed_models() -> Iterator[tuple[type[Model], list[str]]]:
    """With the names of their sealed columns."""
    for model in apps.get_models():
        fields = model._meta.concrete_fields  # noqa: SLF001 - documented
        if names := [one.attname for one in fields if isinstance(one, SealedField)]:
            yield model, names


@transaction.atomic
def _reseal_row(model: type[Model], key: object, names: list[str]) -> int:
    row = model._default_manager.select_for_update().get(pk=key)  # noqa: SLF001 - documented
    kept = {name: getattr(row, name) for name in names if getattr(row, name)}
    for name, secret in kept.items():
        setattr(row, name, seal(opened(secret)))
    row.save(update_fields=kept)
    return len(kept)
