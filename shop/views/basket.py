"""The cart: look at it, put in, change, take out. Every change is a POST that leads back."""

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from shop.cart import MOST_LINES, Cart
from shop.forms import ItemForm
from shop.models import Product
from shop.views.in_place import changed, is_in_place
from shop.wording import euros

LONGEST_PATH = 1_000  # letters; Django itself refuses to redirect to more than 2,048


@require_safe
def cart(request: HttpRequest) -> HttpResponse:
    """What is in it, at today's prices, with what has to change before it can be ordered."""
    mine = Cart(request)
    basket = mine.basket()
    if mine.forget_vanished(basket):
        messages.warning(request, "Something in your cart is no longer sold. We took it out.")
    return render(request, "shop/cart.html", {"basket": basket, "paying": mine.paying})


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Put `quantity` more of `sku` in, as far as there are any, and go on where one was.

    Two presses on purpose are two pieces. Two requests that were sent before either was answered
    have the same cookies, and are one.
    """
    form = ItemForm(request.POST)
    if not form.is_valid():
        return changed(request, NO_NUMBER) if is_in_place(request) else refuse(request)
    product = Product.objects.filter(sku=form.cleaned_data["sku"], on_sale=True).first()
    if product is None and not is_in_place(request):
        raise Http404
    said = NO_LONGER_SOLD if product is None else put(request, product, **form.cleaned_data)
    if is_in_place(request):
        return changed(request, said)
    messages.add_message(request, said.level, said.message)
    return HttpResponseRedirect(way_back(request))


def put(
    request: HttpRequest, product: Product, *, quantity: int, price: int | None, **_: str
) -> Message:
    """So many more, and what to say of it."""
    mine = Cart(request)
    asked = mine.quantities.get(product.sku, 0) + quantity
    said = what_to_say(product, asked=asked, got=mine.put(product, asked))
    cents = product.price_cents if price is None else price
    mine.remember_price(product, cents)
    return said if cents == product.price_cents else with_price(said, product, cents)


def with_price(said: Message, product: Product, shown: int) -> Message:
    """A page may have been open for hours, and comes from a cache."""
    now, then = euros(product.price_cents), euros(shown)
    words = f"{said.message} {product.title} costs {now} now. The page said {then}."
    return Message(max(said.level, messages.WARNING), words)


@require_POST
def update(request: HttpRequest) -> HttpResponse:
    """Set the quantity of each `sku`; 0 takes it out. Nonsense changes nothing.

    Then on to the checkout where that was pressed, unless something is less than was asked for.
    """
    pairs = zip(request.POST.getlist("sku"), request.POST.getlist("quantity"), strict=False)
    forms = [ItemForm({"sku": sku, "quantity": quantity}) for sku, quantity in pairs]
    if not all(form.is_valid() for form in forms):
        return refuse(request)
    sent = [form.cleaned_data for form in forms[:MOST_LINES]]
    has_all = [set_quantity(request, sku=one["sku"], quantity=one["quantity"]) for one in sent]
    goes_on = all(has_all) and request.POST.get("then") == "checkout"
    return redirect("shop:checkout" if goes_on else "shop:cart")


def set_quantity(request: HttpRequest, *, sku: str, quantity: int) -> bool:
    """Whether so many are in the cart now; if not, it is said why."""
    product = get_object_or_404(Product, sku=sku)
    got = Cart(request).put(product, quantity)
    if got < quantity:
        said = what_to_say(product, asked=quantity, got=got)
        messages.add_message(request, said.level, said.message)
    return got == quantity


@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Take `sku` out. Safe to repeat."""
    Cart(request).remove(request.POST.get("sku", ""))
    return redirect("shop:cart")


def refuse(request: HttpRequest) -> HttpResponse:
    """Say that this was no quantity, and show the cart as it was."""
    messages.add_message(request, NO_NUMBER.level, NO_NUMBER.message)
    return redirect("shop:cart")


NO_NUMBER = Message(messages.ERROR, "Please give a whole number.")
NO_LONGER_SOLD = Message(messages.ERROR, "That is no longer sold. Nothing was put into your cart.")


def what_to_say(product: Product, *, asked: int, got: int) -> Message:
    """What is in the cart now, and why it is less than was asked for."""
    if got >= asked:
        so_many = f", {got} of it" if got > 1 else ""
        return Message(messages.SUCCESS, f"{product.title} is in your cart{so_many}.")
    if got == 0:
        note = product.stock_note or "your cart is full"
        return Message(messages.ERROR, f"{product.title}: {note}.")
    why = product.stock_note or f"At most {product.most} per order"
    return Message(messages.WARNING, f"{product.title}: {why}. You have {got} in your cart.")


def way_back(request: HttpRequest) -> str:
    """The page `next` names, as a path, when it is one of ours; else the cart."""
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    if is_ours and target.startswith("/") and len(target) <= LONGEST_PATH:
        return target
    return reverse("shop:cart")
