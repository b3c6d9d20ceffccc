"""Every column in which something of a person may stand is named by whoever keeps it."""

from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db import models

from accounts.personal_data import parts

# Columns of words of ours, of staff, or of nobody: one a line.
NOBODYS = Path(__file__).with_name("columns_of_nobody.txt")
# Whose rows name nobody.
OTHERS = {"auth", "contenttypes", "django_celery_beat", "django_celery_results", "sessions"}
WORDS = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.FileField,
    models.GenericIPAddressField,
)


def columns() -> Iterator[str]:
    """Those that hold words, files or addresses, and are no choice of a few."""
    for model in apps.get_models():
        if model._meta.app_label in OTHERS | {"probes", "bench"}:
            continue
        for field in model._meta.local_fields:
            if isinstance(field, WORDS) and not field.choices:
                yield f"{model._meta.label}.{field.name}"


def named() -> list[str]:
    return [column for part in parts().values() for column in part.fates]


def nobodys() -> list[str]:
    return NOBODYS.read_text().split()


def test_every_column_is_somebodys_to_delete_or_nobodys() -> None:
    unnamed = set(columns()) - {*named(), *nobodys()}

    assert not unnamed, f"whose are these? {sorted(unnamed)}"


def test_no_column_is_both_and_none_is_gone() -> None:
    assert not {*named()} & {*nobodys()}
    assert {*nobodys()} <= {*columns()}
    fields = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.local_fields
    }
    assert {*named()} <= fields
    assert len(named()) == len({*named()})
