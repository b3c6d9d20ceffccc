"""Uploads over HTTP: begun, sent in parts, asked about, discarded. Answers are JSON.

| asked | answered |
|---|---|
| POST /uploads/ with ticket, name, size | 200: where its parts go, and how much is here already |
| GET /uploads/<tag>/ | 200: the same, as it is now |
| POST there, a part as the body, `Upload-Offset` and `Upload-Crc` | 200; 409 another offset; 422 |
| POST …/sent/ | 200: the bucket has it, the browser says |
| POST …/cancel/ | 200 |

Whatever is refused has `said`, a sentence for people; what is refused of an upload has its status.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from zlib import crc32

import structlog
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from deferral.errors import Outcome
from media.models import Upload
from media.uploads.beginning import begin
from media.uploads.ending import cancel
from media.uploads.errors import Nonsense, UploadRefused
from media.uploads.noticing import noticed
from media.uploads.parts import append, say_sent
from media.uploads.purposes import PURPOSES, opened, owner, sender
from media.uploads.status import status
from media.verbs import CHUNK

log = structlog.get_logger(__name__)

AWAY = "It cannot be kept at the moment. What has arrived is kept: try again later."
View = Callable[..., HttpResponse]


class Begin(forms.Form):
    """What is to be sent. Its name is no word of what it is."""

    ticket = forms.CharField(max_length=2_000)
    name = forms.CharField(max_length=1_000, strip=False)
    size = forms.IntegerField(min_value=0, max_value=2**53)
    anew = forms.BooleanField(required=False)


class Part(forms.Form):
    """Of two headers."""

    offset = forms.IntegerField(min_value=0, max_value=2**53)
    crc = forms.IntegerField(min_value=0, max_value=2**32 - 1)


def answering(view: View) -> View:
    """Around a view that scripts ask: a refusal is JSON with its sentence, and kept by nobody."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            answer = view(request, *args, **kwargs)
        except UploadRefused as error:
            answer = JsonResponse({"said": str(error)}, status=error.status)
        except (Outcome, OSError) as error:
            log.warning("upload_not_kept", path=request.path, reason=str(error))
            answer = JsonResponse({"said": AWAY}, status=503)
        answer["Cache-Control"] = "no-store"
        return answer

    return answered


@require_POST
@answering
def uploads(request: HttpRequest) -> HttpResponse:
    """Begin one, or go on with it."""
    asked = _cleaned(Begin(request.POST))
    purpose, subject, _ = opened(asked.pop("ticket"))
    by = sender(purpose, request, subject)
    return JsonResponse(status(noticed(begin(purpose, subject=subject, by=by, **asked))))


@require_http_methods(["GET", "POST"])
@answering
def upload(request: HttpRequest, tag: str) -> HttpResponse:
    """How it is; or a part of it."""
    found = _theirs(request, tag)
    if request.method == "POST":
        said = {name: request.headers.get(f"Upload-{name}", "") for name in ("offset", "crc")}
        return JsonResponse(status(append(tag, request, **_cleaned(Part(said)))))
    return JsonResponse(status(noticed(found)))


@require_POST
@answering
def upload_sent(request: HttpRequest, tag: str) -> HttpResponse:
    """The bucket has it, as the browser says; a job looks whether that is so."""
    _theirs(request, tag)
    return JsonResponse(status(say_sent(tag)))


@require_POST
@answering
def upload_cancel(request: HttpRequest, tag: str) -> HttpResponse:
    """Discard it, whoever may send by now. A page's own form comes back to the page."""
    _theirs(request, tag, who=owner)
    cancel(tag)
    if said := request.POST.get("ticket"):
        return redirect(opened(said)[2])
    return JsonResponse(status(Upload.objects.get(tag=tag)))


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


def _keep_whole(request: HttpRequest, purpose: Any, subject: str) -> None:
    by, file = sender(purpose, request, subject), request.FILES.get("file")
    if file is None:
        raise Nonsense("Choose a file.")
    name, size = file.name or "", int(file.size or 0)
    begun = begin(purpose, subject=subject, by=by, name=name, size=size, anew=True)
    crc = 0
    for chunk in file.chunks(CHUNK):
        crc = crc32(chunk, crc)
    file.seek(0)
    append(begun.tag, file, offset=0, crc=crc)


def _theirs(request: HttpRequest, tag: str, *, who: Callable[..., str] = sender) -> Upload:
    """404 for another person's, as for one that there is not."""
    found = Upload.objects.filter(tag=tag).first()
    if found is None or found.purpose not in PURPOSES:
        raise Http404
    purpose = PURPOSES[found.purpose]
    if who(purpose, request, found.subject) != found.uploaded_by:
        raise Http404
    return found


def _cleaned(form: forms.Form) -> dict[str, Any]:
    if form.is_valid():
        return form.cleaned_data
    raise Nonsense
