"""What is wrong with a form that was sent: said above it, with the focus where it begins."""

from typing import NamedTuple

from django import forms


class Wrong(NamedTuple):
    """One sentence, and the id of what it is about."""

    id: str
    label: str
    error: str


def wrong_fields(form: forms.BaseForm) -> list[Wrong]:
    """In the order of the page. The first of these fields has the focus when the page opens: by
    HTML's own `autofocus`, so that it needs no script.

    Of a hidden field nothing is said: nobody can put it right.
    """
    wrong = [field for field in form.visible_fields() if field.errors]
    if wrong:
        wrong[0].field.widget.attrs["autofocus"] = True
    return [Wrong(id_of(field), str(field.label), str(field.errors[0])) for field in wrong]


def id_of(field: forms.BoundField) -> str:
    """Where a link leads: of several choices to the first."""
    return field.id_for_label or f"{field.auto_id}_0"
