"""The contact form. It is saved and answered at once; mails and all else are the workers'."""

import hashlib
import math
import uuid

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from contact.errors import SentDifferently
from contact.forms import MessageForm, begin_with
from contact.models import Message
from contact.taking import take_message
from deferral.pressure.askers import counted_as
from deferral.pressure.rate_limits import spend
from deferral.text.foreign import one_line

HOUR, DAY = 3600, 86_400
# So many messages are taken of one network address in an hour. So many mails a day say to one
# mailbox that something arrived: anybody may have typed it in.
PER_ASKER, PER_MAILBOX = 10, 3
CONFLICT, UNPROCESSABLE, TOO_MANY = 409, 422, 429
TOO_OFTEN = (
    "We have had {most} messages from your network within an hour. Please send it again {when}: "
    "it still stands below."
)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def contact(request: HttpRequest) -> HttpResponse:
    """The form. Nothing typed is lost: whatever is wrong, it stands there again."""
    if request.method != "POST":
        return page(request, MessageForm(initial=at_first(request)))
    form = MessageForm(request.POST)
    if not form.is_valid():
        return page(request, form, status=UNPROCESSABLE)
    if (seconds := too_often(request)) is not None:
        return later(request, form, seconds)
    return take(request, form)


def take(request: HttpRequest, form: MessageForm) -> HttpResponse:
    """Keep it, and lead to a page that may be loaded again."""
    told = is_told(form.cleaned_data["email"])
    try:
        message = take_message(
            form_key=form.cleaned_data["form_key"], said=form.said(), is_acknowledged=told
        )
    except SentDifferently as error:
        return page(request, _anew(request, str(error)), status=CONFLICT)
    return redirect("contact:sent", message.tag)


def _anew(request: HttpRequest, why: str) -> MessageForm:
    """All that was typed, as a message of its own: sent once more, it is taken."""
    data = request.POST.copy()
    data["form_key"] = str(uuid.uuid4())
    form = MessageForm(data)
    form.add_error(None, why)
    return form


@require_safe
@never_cache
def sent(request: HttpRequest, tag: str) -> HttpResponse:
    """That it arrived, and what happens now. It shows nothing of the message."""
    message = get_object_or_404(Message, tag=tag)
    context = {"message": message, "section": "contact"}
    return render(request, "contact/sent.html", context)


def later(request: HttpRequest, form: MessageForm, seconds: float) -> HttpResponse:
    """429, with all that was typed."""
    minutes = math.ceil(seconds / 60)
    when = f"in {minutes} minute{'s' if minutes > 1 else ''}"
    form.add_error(None, TOO_OFTEN.format(most=PER_ASKER, when=when))
    answer = page(request, form, status=TOO_MANY)
    answer["Retry-After"] = str(math.ceil(seconds))
    return answer


def page(request: HttpRequest, form: MessageForm, *, status: int = 200) -> HttpResponse:
    """With what is wrong."""
    context = {"form": form, "section": "contact", "drafts": bool(settings.AI_URL)}
    return render(request, "contact/contact.html", context, status=status)


def at_first(request: HttpRequest) -> dict[str, object]:
    """What we know of who is logged in, and of the page they come from."""
    user = request.user
    number = one_line(request.GET.get("order", ""), 30)
    if user.is_authenticated:
        return begin_with(name=user.name, email=user.email, order_number=number)
    return begin_with(name="", email="", order_number=number)


def too_often(request: HttpRequest) -> float | None:
    """Seconds until this network may send another; None where it may now."""
    seconds = spend(f"contact:by:{counted_as(request)}", most=PER_ASKER, per=HOUR)
    return seconds if settings.RATE_LIMITS else None


def is_told(email: str) -> bool:
    """Whether one more mail may go to this mailbox today."""
    mailbox = hashlib.sha256(email.lower().encode()).hexdigest()
    is_over = spend(f"contact:to:{mailbox}", most=PER_MAILBOX, per=DAY) is not None
    return not (settings.RATE_LIMITS and is_over)
