"""The newsletter's pages. Nothing happens on a GET: mail scanners follow every link.

And where a mail provider tells us what became of mails.
"""

import structlog
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from deferral.inbox.errors import NoticeRefused, NoticeTooLarge
from deferral.inbox.views import REFUSED, TOO_LARGE, body_of, told
from notifications.campaigns.notices import hear
from notifications.newsletter import consent
from notifications.newsletter.form import NewsletterForm
from notifications.newsletter.tokens import who_joins, who_leaves

log = structlog.get_logger(__name__)

# By name: it needs anymail, which is there where a provider is.
READER = "notifications.providers.notices.read_notices"
# Bytes of a notice; a provider may tell of some hundred mails at once.
MOST_READ = 1_048_576
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


@csrf_exempt
@never_cache
@require_POST
def mail_notices(request: HttpRequest) -> HttpResponse:
    """200 once what follows is written down: its provider repeats what gets anything else."""
    if not (settings.MAIL_PROVIDER.name and settings.MAIL_PROVIDER.login):
        raise Http404
    try:
        body_of(request, MOST_READ)
        for notice in import_string(READER)(request):
            hear(notice)
    except NoticeRefused as refusal:
        log.warning("notice_refused", source="mail", reason=type(refusal).__name__)
        return told(str(refusal), TOO_LARGE if isinstance(refusal, NoticeTooLarge) else REFUSED)
    return told("Thank you.", 200)


def _private(answer: HttpResponse) -> HttpResponse:
    for name, value in PRIVATE.items():
        answer[name] = value
    return answer
