"""The cart: look at it, put in, change, take out. Every change is a POST that leads back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from shop.cart import MOST_LINES, Cart
from shop.forms import ItemForm
from shop.models import Product
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
    """Put `quantity` more of `sku` in, as far as there are any, and go on where one was."""
    form = ItemForm(request.POST)
    if not form.is_valid():
        return refuse(request)
    product = get_object_or_404(Product, sku=form.cleaned_data["sku"], on_sale=True)
    mine = Cart(request)
    asked = mine.quantities.get(product.sku, 0) + form.cleaned_data["quantity"]
    tell(request, product, asked=asked, got=mine.put(product, asked))
    remember_price(request, product, form.cleaned_data["price"])
    return HttpResponseRedirect(way_back(request))


def remember_price(request: HttpRequest, product: Product, shown: int | None) -> None:
    """What the page said that it costs; that is said at once where it costs something else by now.

    A page may have been open for hours, and comes from a cache.
    """
    cents = product.price_cents if shown is None else shown
    Cart(request).remember_price(product, cents)
    if cents != product.price_cents:
        now, then = euros(product.price_cents), euros(cents)
        messages.warning(request, f"{product.title} costs {now} now. The page said {then}.")


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
        tell(request, product, asked=quantity, got=got)
    return got == quantity


@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Take `sku` out. Safe to repeat."""
    Cart(request).remove(request.POST.get("sku", ""))
    return redirect("shop:cart")


def refuse(request: HttpRequest) -> HttpResponse:
    """Say that this was no quantity, and show the cart as it was."""
    messages.error(request, "Please give a whole number.")
    return redirect("shop:cart")


def tell(request: HttpRequest, product: Product, *, asked: int, got: int) -> None:
    """Say what is in the cart now, and why it is less than was asked for."""
    if got >= asked:
        messages.success(request, f"{product.title} is in your cart.")
    elif got == 0:
        messages.error(request, f"{product.title}: {product.stock_note or 'your cart is full'}.")
    else:
        why = product.stock_note or f"At most {product.most} per order"
        messages.warning(request, f"{product.title}: {why}. You have {got} in your cart.")


def way_back(request: HttpRequest) -> str:
    """The page `next` names, as a path, when it is one of ours; else the cart."""
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    if is_ours and target.startswith("/") and len(target) <= LONGEST_PATH:
        return target
    return reverse("shop:cart")
