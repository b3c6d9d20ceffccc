"""How a search is narrowed and put in order: a form that is sent by GET. What is wrong narrows
nothing, and is said.
"""

from typing import Any

from django import forms

from orders.amounts import MOST_CENTS
from shop.models import Product
from shop.products.fields import Euros
from shop.search.wanted import LAST_PAGE, Wanted, clean

ORDERS = (
    ("best", "Best match"),
    ("cheap", "Price, lowest first"),
    ("dear", "Price, highest first"),
    ("new", "Newest first"),
)


def _euros(label: str) -> Euros:
    widget = forms.TextInput({"inputmode": "decimal", "size": 7, "autocomplete": "off"})
    return Euros(label=label, required=False, widget=widget)


class Filters(forms.Form):
    """Everything beside the words."""

    category = forms.ChoiceField(
        label="What", required=False, choices=[("", "Everything"), *Product.Category.choices]
    )
    cheapest = _euros("From €")
    dearest = _euros("To €")
    in_stock = forms.BooleanField(label="In stock only", required=False)
    order = forms.ChoiceField(label="Order", required=False, choices=ORDERS)
    page = forms.IntegerField(
        required=False, min_value=1, max_value=LAST_PAGE, widget=forms.HiddenInput
    )

    def wanted(self, typed: str) -> Wanted:
        """What is looked for, by what is right."""
        self.is_valid()
        said: dict[str, Any] = self.cleaned_data
        cheapest, dearest = said.get("cheapest"), said.get("dearest")
        return Wanted(
            text=clean(typed),
            category=said.get("category") or "",
            cheapest=cheapest or 0,
            dearest=MOST_CENTS if dearest is None else dearest,
            in_stock=said.get("in_stock", False),
            order=said.get("order") or "best",
            page=said.get("page") or 1,
        )

    def chosen(self) -> dict[str, Any]:
        """As an address has it, without the page."""
        kept = self.fields.keys() - {"page"}
        return {name: value for name, value in self.data.items() if value and name in kept}
