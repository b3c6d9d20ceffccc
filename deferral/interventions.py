"""Writing down what a person decided, in the transaction that does it.

Django's own log leaves with the person and is found by the row only; this one stays, and is found
by the order, by the person and by the words. Not for what the machinery decides by itself.
"""

from django.db.models import Model

from deferral.models import Intervention


def subject_of(row: Model) -> str:
    """What the ledger calls what the row is about, as far as the row says it."""
    return str(getattr(row, "about", "") or getattr(row, "subject", ""))


def note(
    *,
    by: str,
    told: str,
    about: object,
    subject: str,
    action: Intervention.Action = Intervention.Action.DECIDE,
) -> None:
    """`told` is the decision in a line, its reason included."""
    Intervention.objects.create(
        action=action, by=by, reason=told, about=str(about)[:200], subject=subject[:100]
    )
