"""Stripe's `expand`: an id in an answer becomes the object it names."""

from sandbox.payment import form
from sandbox.payment.errors import invalid
from sandbox.payment.form import Params
from sandbox.payment.objects import PaymentObjects, Thing

# Which kind of object each expandable field names.
_KINDS = {"latest_charge": "charge", "charge": "charge", "payment_intent": "payment_intent"}


def expand(objects: PaymentObjects, thing: Thing, params: Params) -> Thing:
    """Return a copy with the asked-for fields expanded, also in each object of a list."""
    names = form.items(params, "expand")
    if not names:
        return thing
    own = [name for name in names if not name.startswith("data.")]
    theirs = [name.removeprefix("data.") for name in names if name.startswith("data.")]
    shown = _expand(objects, thing, own)
    if theirs:
        shown["data"] = [_expand(objects, item, theirs) for item in shown.get("data", [])]
    return shown


def _expand(objects: PaymentObjects, thing: Thing, names: list[str]) -> Thing:
    shown = dict(thing)
    for name in names:
        if name not in _KINDS or (name not in thing and "error" not in thing):
            raise invalid("expand", f"This property cannot be expanded ({name[:40]}).")
        if thing.get(name):
            shown[name] = objects.get(_KINDS[name], thing[name])
    return shown
