"""What staff type of a product: prices in euros, choices, and nothing that cannot be sold."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.db.models.functions import Lower

from orders.amounts import MIN_CENTS
from shop.models import TAKEN, Product
from shop.products.fields import Euros, motifs, objects, taxes
from shop.products.slugs import slug_for

OVER = "This evening is over: nobody could buy it. Give it a later date, or keep it off sale."
PRICE = (
    "In euros, tax included: 24.50 or 24,50. 0 is free of charge; a card takes no less than "
    f"€0.{MIN_CENTS}."
)
WHO = (
    "Who hands it out. Prints and goods: print room or warehouse; tickets: box office; a download "
    "comes from our own machine, so leave it empty."
)
FROM_TITLE = "The end of its address. Left empty, it is made of the title."
MOMENT = {"event_at", "on_sale"}
FIELDSETS: Any = (
    (None, {"fields": ("title", "sku", "slug", "category", "subtitle", "description")}),
    ("Price", {"fields": ("price", "tax_basis_points")}),
    ("Where it comes from", {"fields": ("supplier", "available")}),
    ("Tickets", {"fields": ("event_at", "venue")}),
    ("Drawn picture", {"fields": ("art_motif", "art_object", "art_seed")}),
    ("In the shop", {"fields": ("position", "on_sale")}),
)


class SellableForm(forms.ModelForm[Product]):
    """Some fields of a product. What is wrong with a field that is not among them is said of the
    box that puts it on sale, since that is what is not possible. What was not changed is not
    looked at: a list is saved whole, and one of its evenings may be over.
    """

    # By the model's name for it: what stands in the form instead.
    instead: ClassVar[Mapping[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.empty_permitted = bool(self.instance.pk)

    def add_error(self, field: str | None, error: Any) -> None:
        """See above."""
        if field is not None or not hasattr(error, "error_dict"):
            super().add_error(field, error)
            return
        for name, errors in error.error_dict.items():
            super().add_error(self._place(name), errors)

    def _place(self, name: str) -> str | None:
        named = self.instead.get(name, name)
        return next((one for one in (named, "on_sale") if one in self.fields), None)

    def clean(self) -> dict[str, Any]:
        """With the one rule that time changes, and that rows are not held to."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        moment = said.get("event_at", self.instance.event_at)
        on_sale = said.get("on_sale", self.instance.on_sale)
        if on_sale and MOMENT & set(self.changed_data) and Product(event_at=moment).is_over:
            self.add_error(self._place("event_at"), OVER)
        return said


class ProductForm(SellableForm):
    """The whole product."""

    instead: ClassVar[Mapping[str, str]] = {"price_cents": "price"}

    price = Euros(help_text=PRICE)
    tax_basis_points = forms.TypedChoiceField(label="Tax", coerce=int)
    art_motif = forms.ChoiceField(label="Picture shows")
    art_object = forms.ChoiceField(label="Picture is on")

    class Meta:
        model = Product
        exclude = ("price_cents",)  # noqa: DJ006 - all others, as the admin asks for them
        help_texts: ClassVar = {"slug": FROM_TITLE, "supplier": WHO}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept, fields = self.instance, self.fields
        if kept.pk:
            self.initial["price"] = kept.price_cents
        offered = {
            "tax_basis_points": taxes(kept.tax_basis_points),
            "art_motif": motifs(kept.art_motif),
            "art_object": objects(kept.art_object),
        }
        for name, choices in offered.items():
            if name in fields:
                fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
                fields[name].initial = getattr(kept, name)
        if "event_at" in fields:
            said_of_both(fields["event_at"].widget)
        if "slug" in fields:
            fields["slug"].required = False

    def clean_sku(self) -> str:
        """As the table has it, and said of this field."""
        sku = str(self.cleaned_data["sku"])
        others = Product.objects.alias(number=Lower("sku")).exclude(pk=self.instance.pk)
        if others.filter(number=sku.lower()).exists():
            raise forms.ValidationError(TAKEN)
        return sku

    def clean(self) -> dict[str, Any]:
        """With the price where the model has it, and an address where nobody gave one."""
        said = super().clean()
        if said.get("price") is not None:
            self.instance.price_cents = said["price"]
        if "slug" in self.fields and said.get("title") and not said.get("slug"):
            sku = said.get("sku") or self.instance.sku
            said["slug"] = slug_for(said["title"], sku, but=self.instance.pk)
        return said


def said_of_both(widget: Any) -> None:
    """Names for the two boxes of a moment, for those who do not see what stands before them."""
    for box, name in zip(getattr(widget, "widgets", ()), ("Date", "Time"), strict=False):
        box.attrs["aria-label"] = f"{name} of the event"


def columns(names: list[str]) -> list[str]:
    """The columns behind these fields of the form."""
    shown = {field: column for column, field in ProductForm.instead.items()}
    return [shown.get(name, name) for name in names]
