"""Where the payment provider tells us that something happened. Nothing is done about it here."""

import structlog
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from orders.errors import NoticeForged, NoticeNotUnderstood
from orders.payments import notices

log = structlog.get_logger(__name__)

# Bytes. Stripe's largest events have a tenth of it.
MOST = 262_144
TOO_LARGE, NOT_THEIRS = 413, 400


@csrf_exempt
@require_POST
@never_cache
def webhook(request: HttpRequest) -> HttpResponse:
    """200 as soon as it is stored; the provider repeats what gets anything else.

    400 for what they have not signed or nobody understands, 413 for what is too large: neither is
    stored. What we know already, or do not care about, is thanked for all the same.
    """
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST:
        return told("This is too large.", TOO_LARGE)
    signature = request.headers.get("Stripe-Signature", "")
    try:
        notices.receive(body=request.body, signature=signature)
    except (NoticeForged, NoticeNotUnderstood) as error:
        log.warning("payment_webhook_refused", reason=type(error).__name__)
        return told(str(error), NOT_THEIRS)
    return told("Thank you.", 200)


def told(words: str, status: int) -> HttpResponse:
    """In plain text."""
    return HttpResponse(f"{words}\n", content_type="text/plain", status=status)
