"""Stripe's `expand`: an id in an answer becomes the object it names."""

from sandbox.payment import form
from sandbox.payment.errors import invalid
from sandbox.payment.form import Params
from sandbox.payment.objects import Thing, Till

# Which kind of object each expandable field names.
_KINDS = {"latest_charge": "charge", "charge": "charge", "payment_intent": "payment_intent"}


def expand(till: Till, thing: Thing, params: Params) -> Thing:
    """Return a copy with the asked-for fields expanded, also in each object of a list."""
    wishes = form.items(params, "expand")
    if not wishes:
        return thing
    own = [wish for wish in wishes if not wish.startswith("data.")]
    theirs = [wish.removeprefix("data.") for wish in wishes if wish.startswith("data.")]
    shown = _expand(till, thing, own)
    if theirs:
        shown["data"] = [_expand(till, item, theirs) for item in shown.get("data", [])]
    return shown


def _expand(till: Till, thing: Thing, wishes: list[str]) -> Thing:
    shown = dict(thing)
    for wish in wishes:
        if wish not in _KINDS or (wish not in thing and "error" not in thing):
            raise invalid("expand", f"This property cannot be expanded ({wish[:40]}).")
        if thing.get(wish):
            shown[wish] = till.get(_KINDS[wish], thing[wish])
    return shown
