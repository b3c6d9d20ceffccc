"""The checkout's form shown, and shown once more when it was not taken: as it was filled in."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html

from orders.errors import CheckoutKeyReused
from shop.countdowns import counted_in_an_alert
from shop.forms import CheckoutForm
from shop.set_aside import give_up
from shop.stock import HELD_FOR
from shop.views.form_state import FormState, when_refused
from shop.views.repeating import sent_key

DECLINED, CONFLICT, NO_PROVIDER = 402, 409, 503


def refuse(request: HttpRequest, error: Exception) -> HttpResponse:
    """The form again. What was set aside under its key for another order is given up for this."""
    reason = f"{error} Nothing was ordered."
    if isinstance(error, CheckoutKeyReused) and give_up(checkout_key=sent_key(request)):
        reason = NOT_WHAT_IS_HELD
    return again(request, reason=reason, status=CONFLICT)


NOT_WHAT_IS_HELD = (
    "This is not quite what was set aside for you before. Nothing was ordered yet: please look at "
    "it once more and press the button again."
)


def come_back(request: HttpRequest, pause: timedelta) -> HttpResponse:
    """The provider's breaker is open: the form as it was, at once; what was chosen is set aside."""
    minutes = round(HELD_FOR.total_seconds() / 60)
    reason = format_html(AWAY, when=counted_in_an_alert(pause), minutes=minutes)
    return later(request, reason=reason, pause=pause)


def later(request: HttpRequest, *, reason: str, pause: timedelta) -> HttpResponse:
    """The form as it was filled in, and when to press again."""
    response = again(request, reason=reason, status=NO_PROVIDER)
    response["Retry-After"] = str(round(pause.total_seconds()))
    return response


AWAY = (
    "Payments do not get through at the moment, and nothing was charged. What you chose is set "
    "aside for you for {minutes} minutes: please press the button again {when}."
)


def again(request: HttpRequest, *, reason: str, status: int) -> HttpResponse:
    """The form as it was filled in, and why it was not taken."""
    state = when_refused(request)
    return page(request, state, state.to_send_again(request), reason=reason, status=status)


def page(
    request: HttpRequest,
    state: FormState,
    form: CheckoutForm,
    *,
    reason: str = "",
    status: int = 200,
) -> HttpResponse:
    """The form beside what is in the cart."""
    context = {
        "basket": state.basket,
        "is_blocked": state.is_blocked,
        "form": form,
        "reason": reason,
        "declined": status == DECLINED,
        "section": "cart",
    }
    return render(request, "shop/checkout.html", context, status=status)
