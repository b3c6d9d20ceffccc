"""Uploads over HTTP: begun, sent in parts, asked about, discarded. Answers are JSON.

| asked | answered |
|---|---|
| POST /uploads/ with ticket, name, size, fingerprint | 200: where its parts go, how much is here |
| GET /uploads/<tag>/ | 200: the same, as it is now |
| POST there, a part as the body, `Upload-Offset` and `Upload-Crc` | 200; 409 another offset; 422 |
| POST …/sent/ | 200: the bucket has it, the browser says |
| POST …/cancel/ | 200 |

Whatever is refused has `said`, a sentence for people; what is refused of an upload has its status.
"""

from collections.abc import Callable
from typing import Any
from zlib import crc32

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from deferral.errors import Outcome
from deferral.pressure.shedding import refuse
from media.models import Upload
from media.uploads.answering import AWAY, answering
from media.uploads.beginning import begin
from media.uploads.ending import cancel
from media.uploads.errors import Nonsense, TooMuchWork, UploadRefused
from media.uploads.noticing import noticed
from media.uploads.parts import append, say_sent
from media.uploads.purposes import PURPOSES, Purpose, opened, owner, sender
from media.uploads.status import status
from media.verbs import CHUNK

# Makes what is sent.
MAKES = "media"


class Begin(forms.Form):
    """What is to be sent. Its name is no word of what it is."""

    ticket = forms.CharField(max_length=2_000)
    name = forms.CharField(max_length=1_000, strip=False)
    size = forms.IntegerField(min_value=0, max_value=2**53)
    fingerprint = forms.RegexField(r"\A[0-9a-f]{16}\Z", required=False)
    anew = forms.BooleanField(required=False)


class Part(forms.Form):
    """Of two headers."""

    offset = forms.IntegerField(min_value=0, max_value=2**53)
    crc = forms.IntegerField(min_value=0, max_value=2**32 - 1)


@require_POST
@answering
def uploads(request: HttpRequest) -> HttpResponse:
    """Begin one, or go on with it."""
    asked = _cleaned(Begin(request.POST))
    purpose, subject, _ = opened(asked.pop("ticket"))
    by = sender(purpose, request, subject)
    _check_work(purpose)
    begun = noticed(begin(purpose, subject=subject, by=by, **asked))
    return JsonResponse(status(begun, purpose.query(request, subject)))


@require_http_methods(["GET", "POST"])
@answering
def upload(request: HttpRequest, tag: str) -> HttpResponse:
    """How it is; or a part of it."""
    found, query = _theirs(request, tag)
    if request.method == "POST":
        said = {name: request.headers.get(f"Upload-{name}", "") for name in ("offset", "crc")}
        return JsonResponse(status(append(tag, request, **_cleaned(Part(said))), query))
    return JsonResponse(status(noticed(found), query))


@require_POST
@answering
def upload_sent(request: HttpRequest, tag: str) -> HttpResponse:
    """The bucket has it, as the browser says; a job looks whether that is so."""
    _, query = _theirs(request, tag)
    return JsonResponse(status(say_sent(tag), query))


@require_POST
@answering
def upload_cancel(request: HttpRequest, tag: str) -> HttpResponse:
    """Discard it, whoever may send by now. A page's own form comes back to the page."""
    _, query = _theirs(request, tag, who=owner)
    cancel(tag)
    if said := request.POST.get("ticket"):
        return redirect(opened(said)[2])
    return JsonResponse(status(Upload.objects.get(tag=tag), query))


@require_POST
def upload_plain(request: HttpRequest) -> HttpResponse:
    """A whole file in one request, from a browser without a script; back to its page."""
    back = "/"
    try:
        purpose, subject, back = opened(request.POST.get("ticket", ""))
        _keep_whole(request, purpose, subject)
    except (UploadRefused, Outcome, OSError) as error:
        said = str(error) if isinstance(error, UploadRefused) else AWAY
        messages.error(request, said)
    else:
        messages.success(request, "It is here, and is being looked at.")
    return redirect(back)


def _keep_whole(request: HttpRequest, purpose: Purpose, subject: str) -> None:
    by, file = sender(purpose, request, subject), request.FILES.get("file")
    _check_work(purpose)
    if file is None:
        raise Nonsense("Choose a file.")
    name, size = file.name or "", int(file.size or 0)
    begun = begin(purpose, subject=subject, by=by, name=name, size=size, anew=True)
    crc = 0
    for chunk in file.chunks(CHUNK):
        crc = crc32(chunk, crc)
    file.seek(0)
    append(begun.tag, file, offset=0, crc=crc)


def _check_work(purpose: Purpose) -> None:
    """Before it is begun: what customers send may wait, what is paid for may not. TooMuchWork."""
    if purpose.limits.is_shed and (seconds := refuse([MAKES])) is not None:
        raise TooMuchWork(seconds)


def _theirs(
    request: HttpRequest, tag: str, *, who: Callable[..., str] = sender
) -> tuple[Upload, str]:
    """It, and what lets its sender in again. 404 for another person's, as for none."""
    found = Upload.objects.filter(tag=tag).first()
    if found is None or found.purpose not in PURPOSES:
        raise Http404
    purpose = PURPOSES[found.purpose]
    if who(purpose, request, found.subject) != found.uploaded_by:
        raise Http404
    return found, purpose.query(request, found.subject)


def _cleaned(form: forms.Form) -> dict[str, Any]:
    if form.is_valid():
        return form.cleaned_data
    raise Nonsense
