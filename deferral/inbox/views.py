"""The address to which a sender's notices go. Nothing is done about them here."""

from collections.abc import Callable

import structlog
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from deferral.inbox.errors import NoticeNotUnderstood, NoticeRefused, NoticeTooLarge
from deferral.inbox.receiving import receive
from deferral.inbox.source import Source

log = structlog.get_logger(__name__)

TOO_LARGE, REFUSED = 413, 400


def receiver(source: Source) -> Callable[[HttpRequest], HttpResponse]:
    """The view. 200 as soon as a notice is stored; its sender repeats what gets anything else.

    400 for what it has not signed or nobody understands, 413 for what is too large, unread: neither
    is stored. What we know already, or do not care about, is thanked for all the same.
    """

    @csrf_exempt
    @require_POST
    @never_cache
    def webhook(request: HttpRequest) -> HttpResponse:
        try:
            receive(source, body=body_of(request, source.most), headers=request.headers)
        except NoticeRefused as refusal:
            log.warning("notice_refused", source=source.name, reason=type(refusal).__name__)
            status = TOO_LARGE if isinstance(refusal, NoticeTooLarge) else REFUSED
            return told(str(refusal), status)
        return told("Thank you.", 200)

    return webhook


def body_of(request: HttpRequest, most: int) -> bytes:
    """The raw bytes. NoticeTooLarge, before any is read, when there are more."""
    if declared(request) > most:
        raise NoticeTooLarge
    try:
        return request.body
    except RequestDataTooBig as error:
        raise NoticeTooLarge from error


def declared(request: HttpRequest) -> int:
    """How many bytes the request says it has. Django reads none of one that does not say it."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError as error:
        raise NoticeNotUnderstood from error


def told(words: str, status: int) -> HttpResponse:
    """In plain text."""
    return HttpResponse(f"{words}\n", content_type="text/plain", status=status)
