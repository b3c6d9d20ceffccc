"""Deleting one's account: asked for by whoever has logged in of late, and taken back until it
begins.

What becomes of it: see docs/patterns/account-deletion.md.
"""

from django.conf import settings
from django.contrib.auth import logout as end_session
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.deletion.asking import ask_for_deletion, take_back_deletion
from accounts.models import User
from shop.deletion_form import DeletionForm
from shop.fresh_login import is_fresh, own_account

METHODS = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(METHODS)
@own_account
def delete_account(request: HttpRequest) -> HttpResponseBase:
    """What it means, and the form, for whoever has logged in of late."""
    user, fresh = _user(request), is_fresh(request)
    form = DeletionForm(request.POST if fresh and request.POST else None, address=user.email)
    if request.method == "POST" and fresh and form.is_valid():
        ask_for_deletion(user_id=user.pk)
        end_session(request)
        return redirect("shop:deletion_asked")
    context = {"form": form, "fresh": fresh, **_terms()}
    status = 422 if form.errors else 200
    return render(request, "shop/delete_account.html", context, status=status)


@never_cache
@require_safe
def deletion_asked(request: HttpRequest) -> HttpResponse:
    """It is noted; whoever asked is logged out."""
    return render(request, "shop/deletion_asked.html", _terms())


@never_cache
@require_POST
@own_account
def keep_account(request: HttpRequest) -> HttpResponseBase:
    """Take it back."""
    take_back_deletion(user_id=_user(request).pk)
    return redirect("shop:account")


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the views are for whoever is logged in
    return request.user


def _terms() -> dict[str, object]:
    return {"days": settings.ACCOUNT_DELETION_DAYS, "section": "account"}
