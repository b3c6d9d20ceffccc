"""What an admin's `formfield_overrides` are where people type words: see `deferral.text.typed`."""

from typing import Any

from django.db import models

from deferral.text.typed import Line, Text

TYPED: dict[type[models.Field[Any, Any]], dict[str, Any]] = {
    models.CharField: {"form_class": Line},
    models.TextField: {"form_class": Text},
    # They are words of another kind, with rules of their own.
    models.SlugField: {},
    models.URLField: {},
    models.EmailField: {},
}
