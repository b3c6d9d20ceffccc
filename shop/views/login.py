"""Logging in by a mail. Every answer is the same, whoever has the address; a GET uses nothing up.

The link's page is held to no CSRF token: with `no-referrer` a browser sends no origin with its
form. What protects it is more than a token: the secret of the browser that asked, in a cookie which
no other site's form is sent with.
"""

import secrets
import time

from django.contrib.auth import login as open_session
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.errors import LinkOver, WrongCode
from accounts.login_links.asking import MAILED_WITHIN, WORKS_FOR, ask
from accounts.login_links.redeeming import use_code, use_link, works_here
from accounts.models import User
from shop.forms import CodeForm, LoginMailForm
from shop.fresh_login import remember_login
from shop.jar import jar_of
from shop.mail_limits import PER_ADDRESS, too_often
from shop.views.orders import private

METHODS = ["GET", "HEAD", "POST"]
COUNTED = "login_link"
JAR, MOST_KEPT = "login", 5
KEPT = round((MAILED_WITHIN + WORKS_FOR).total_seconds())
BACKEND = f"{ModelBackend.__module__}.{ModelBackend.__qualname__}"


@never_cache
@require_http_methods(METHODS)
def login(request: HttpRequest) -> HttpResponse:
    """Ask for a mail. What is asked too often gets the same answer, and no mail."""
    form = LoginMailForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "section": "account"}
        return render(request, "shop/login.html", context, status=422 if form.errors else 200)
    address, browser = form.cleaned_data["email"], secrets.token_urlsafe(24)
    ask(address=address, browser=browser, limited=too_often(request, address, what=COUNTED))
    _remember(request, browser)
    return redirect("shop:login_code")


@never_cache
@require_http_methods(METHODS)
def login_code(request: HttpRequest) -> HttpResponse:
    """Where the mail's code is typed: in the browser that asked."""
    form = CodeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _code_page(request, form, status=422 if form.errors else 200)
    try:
        user = use_code(code=form.cleaned_data["code"], browsers=_browsers(request))
    except WrongCode as wrong:
        form.add_error("code", _in_words(wrong.left))
    except LinkOver as over:
        form.add_error("code", str(over))
    else:
        return _let_in(request, user)
    return _code_page(request, form, status=422)


@csrf_exempt
@require_http_methods(METHODS)
@private
def login_link(request: HttpRequest, secret: str) -> HttpResponse:
    """One click in the browser that asked. Anywhere else it says where the code is typed."""
    browsers = _browsers(request)
    if request.method == "POST":
        try:
            return _let_in(request, use_link(secret=secret, browsers=browsers))
        except LinkOver:
            return render(request, "shop/login_link.html", {"here": False}, status=403)
    here = works_here(secret=secret, browsers=browsers)
    return render(request, "shop/login_link.html", {"here": here})


def _let_in(request: HttpRequest, user: User) -> HttpResponse:
    """Under a new session: none that was known before lets anybody in."""
    open_session(request, user, backend=BACKEND)
    remember_login(request)
    for name, _ in _kept(request):
        jar_of(request).drop(JAR, name)
    return redirect("shop:account")


def _remember(request: HttpRequest, browser: str) -> None:
    """One cookie for each request: the mail of one before may be there already, and works."""
    for name, _ in _kept(request)[MOST_KEPT - 1 :]:
        jar_of(request).drop(JAR, name)
    jar_of(request).put(JAR, f"{time.time():014.3f}", browser, seconds=KEPT)


def _kept(request: HttpRequest) -> list[tuple[str, str]]:
    """Name and secret of each of this browser's requests, the newest first."""
    return sorted(jar_of(request).all(JAR), reverse=True)


def _browsers(request: HttpRequest) -> list[str]:
    return [secret for _, secret in _kept(request)][:MOST_KEPT]


def _code_page(request: HttpRequest, form: CodeForm, *, status: int) -> HttpResponse:
    context = {
        "form": form,
        "section": "account",
        "minutes": round(WORKS_FOR.total_seconds() / 60),
        "most": PER_ADDRESS,
    }
    return render(request, "shop/login_code.html", context, status=status)


def _in_words(left: int) -> str:
    if not left:
        return "This code can be tried no more. Please ask for another mail."
    tries = "One more try" if left == 1 else f"{left} more tries"
    return f"That is not the code of the newest mail, or it is over. {tries}."
