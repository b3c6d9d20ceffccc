"""The newsletter's pages. Nothing happens on a GET: mail scanners follow every link."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notifications.newsletter import consent
from notifications.newsletter.form import NewsletterForm
from notifications.newsletter.tokens import who_joins, who_leaves

PAGE = "notifications/newsletter_page.html"
# No `no-referrer` here: browsers then send `Origin: null` with the form, which CSRF refuses. The
# policy of all pages, same-origin, gives the link to nobody else.
PRIVATE = {"X-Robots-Tag": "noindex"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def newsletter(request: HttpRequest) -> HttpResponse:
    """Ask for it. The answer is the same for every address."""
    form = NewsletterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        consent.ask_for(address=form.cleaned_data["email"], name=form.cleaned_data["name"])
        return render(request, PAGE, {"said": "asked"})
    return render(request, PAGE, {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """A button that confirms."""
    address = who_joins(token)
    if not address:
        return render(request, PAGE, {"said": "not_ours"}, status=404)
    if request.method == "POST":
        consent.confirm(address=address)
    said = "joined" if request.method == "POST" else "join"
    return _private(render(request, PAGE, {"said": said, "address": address}))


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """A button that ends it; a POST does, from wherever it comes (RFC 8058), without a cookie."""
    who = who_leaves(token)
    if who is None:
        return render(request, PAGE, {"said": "not_ours"}, status=404)
    if request.method == "POST":
        consent.unsubscribe(address=who.address, recipient_id=who.recipient_id)
    said = "left" if request.method == "POST" else "leave"
    return _private(render(request, PAGE, {"said": said, "address": who.address}))


def _private(answer: HttpResponse) -> HttpResponse:
    for name, value in PRIVATE.items():
        answer[name] = value
    return answer
