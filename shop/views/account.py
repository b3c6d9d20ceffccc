"""The pages of whoever is logged in."""

from django.contrib.auth import logout as end_session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import AccountDeletion
from accounts.services import end_sessions
from shop.access import own_orders
from shop.additions import account_sections
from shop.order_list import listed

# All of them have a page of theirs.
FIRST_FEW = 5


@never_cache
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Who one is here, what one has ordered of late, what apps above add, and the ways out."""
    if not request.user.is_authenticated:
        return redirect("shop:login")
    page = own_orders(request, most=FIRST_FEW)
    context = {
        "orders": listed(page.orders),
        "older": page.older,
        "sections": [] if request.user.is_staff else account_sections(request),
        "deletion": AccountDeletion.objects.open_of(request.user.pk),
        "section": "account",
    }
    return render(request, "shop/account.html", context)


@never_cache
@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """This browser, or with `everywhere` all of them."""
    user = request.user
    if user.is_authenticated and "everywhere" in request.POST:
        end_sessions(user_id=user.pk, by=user.email, reason="asked for on their own page")
    end_session(request)
    return redirect("shop:home")
