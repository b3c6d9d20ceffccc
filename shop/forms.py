"""What a visitor may send."""

import uuid
from typing import Any

from django import forms
from django.conf import settings

from accounts.mailboxes import MailboxField
from accounts.telephones import LONGEST_TYPED, NotANumber, mobile_on_the_wire
from deferral.text.typed import Line
from orders.amounts import MOST_CENTS
from orders.drafts import Draft
from shop.address_form import AddressForm
from shop.basket import Basket

# The sandbox's payment methods. No card number is ever typed here.
TEST_METHODS = (
    ("pm_card_visa", "Visa that works"),
    ("pm_card_mastercard", "Mastercard that works"),
    ("pm_card_chargeDeclined", "A card that is declined"),
    ("pm_card_chargeDeclinedInsufficientFunds", "A card with too little money"),
    ("pm_card_chargeDeclinedExpiredCard", "A card that has expired"),
    ("pm_card_authenticationRequired", "A card whose bank asks you first (3-D Secure)"),
    ("pm_sandbox_slowBank", "A slow bank: five seconds, then it works"),
    ("pm_sandbox_replyLost", "The charge goes through, but the answer is lost"),
)


class ItemForm(forms.Form):
    """An article and how many of it. The model decides how many there may be."""

    sku = forms.CharField(max_length=40)
    quantity = forms.IntegerField(min_value=0, max_value=10_000)
    # What the page said that it costs.
    price = forms.IntegerField(min_value=0, max_value=MOST_CENTS, required=False)


class CheckoutForm(AddressForm):
    """Who orders, where it goes, how it is paid. `checkout_key` makes a double submit one order."""

    checkout_key = forms.UUIDField(widget=forms.HiddenInput)
    expected_total = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = Line(
        max_length=200,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": "Please write who it is for."},
    )
    email = MailboxField(
        label="E-mail",
        error_messages={"required": "Please write where your receipt should go."},
        help_text="Receipt, tickets and downloads go here.",
        widget=forms.EmailInput({"autocomplete": "email"}),
    )

    phone = forms.CharField(
        label="Mobile number",
        max_length=LONGEST_TYPED,
        required=False,
        help_text="May stay empty. With it we send you an SMS when your parcel is on its way, and "
        "nothing else.",
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )

    def __init__(self, *args: Any, basket: Basket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.basket = basket
        if not basket.ships:
            self.ask_for_no_address()
        if not (basket.ships and settings.SMS_URL):
            del self.fields["phone"]
        if basket.total_cents:
            self.fields["payment_method"] = payment_field()
        if self.is_bound:
            self.full_clean()  # what it finds decides which fields there are

    def clean(self) -> dict[str, Any]:
        """A number without a prefix is one of the country that the parcel goes to."""
        sent = super().clean()
        if typed := sent.get("phone"):
            try:
                sent["phone"] = mobile_on_the_wire(typed, region=sent.get("country", ""))
            except NotANumber as error:
                self.add_error("phone", str(error))
        return sent

    def draft(self) -> Draft:
        """What it orders, once it is valid."""
        sent = self.cleaned_data
        return self.basket.draft(
            checkout_key=sent["checkout_key"],
            name=sent["name"],
            email=sent["email"],
            address=self.goes_to,
            phone=sent.get("phone", ""),
        )

    @property
    def ways_to_pay(self) -> forms.BoundField | None:
        """The payment method, which the page shows apart from the rest. None: it is all free."""
        return self["payment_method"] if "payment_method" in self.fields else None

    @property
    def shows_another_price(self) -> bool:
        """Whether the total has changed since the page was made. Asked of a checked form."""
        shown = self.cleaned_data.get("expected_total")
        return shown is not None and shown != self.basket.total_cents


class LoginMailForm(forms.Form):
    """Whose mailbox the link goes to."""

    email = MailboxField(
        label="E-mail",
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={"required": "Please write the address that the mail goes to."},
    )


class CodeForm(forms.Form):
    """The mail's six digits, however they are grouped."""

    code = forms.CharField(
        label="Code from the mail",
        max_length=20,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": "Please type the six digits of the mail."},
    )

    def clean_code(self) -> str:
        """The digits alone."""
        return "".join(filter(str.isdigit, self.cleaned_data["code"]))


class PaymentForm(forms.Form):
    """How an order is paid that has been placed before."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["payment_method"] = payment_field()

    @property
    def ways_to_pay(self) -> forms.BoundField:
        """As the checkout's form has it."""
        return self["payment_method"]


def payment_field() -> forms.Field:
    """The sandbox's methods as choices; with real keys, the id Stripe's own element fills in."""
    if not settings.PAYMENT_TEST_METHODS:
        return forms.RegexField(r"^pm_\w+$", max_length=100, widget=forms.HiddenInput)
    return forms.ChoiceField(
        label="Payment",
        choices=TEST_METHODS,
        widget=forms.RadioSelect,
        initial="pm_card_visa",
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Please choose a card."),
    )


def fresh_values(basket: Basket, key: uuid.UUID) -> dict[str, str]:
    """The hidden values of a form that has not been sent yet."""
    return {"checkout_key": str(key), "expected_total": str(basket.total_cents)}
