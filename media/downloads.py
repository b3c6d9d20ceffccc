"""A file for a browser, once somebody has decided that it may have it.

A bucket hands it out itself, at an address that is signed for some seconds; a disk's are streamed
by us. Either way it is the view before this that decides, for each download anew.
"""

import io
from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.template.loader import render_to_string

from deferral.errors import Outcome
from media import reading
from media.errors import FileDamaged
from media.models import StoredFile
from media.verbs import CHUNK, Download

log = structlog.get_logger(__name__)

# Seconds after which a browser may ask again.
COME_BACK = 30
View = Callable[..., HttpResponseBase]


def hand_out(stored: StoredFile, download: Download) -> HttpResponseBase:
    """The file, or where it is to be had. FileNotFoundError, FileDamaged, Retry, ServiceAway."""
    found = reading.find(stored.wanted)
    if address := found.keeper.address(found.stored.name, download):
        return private(HttpResponseRedirect(address))
    # What is small is looked at before it is believed.
    content = io.BytesIO(stored.read()) if stored.size <= CHUNK else stored.open()
    answer = FileResponse(content, content_type=download.content_type)
    answer["Content-Disposition"] = download.disposition
    answer["Content-Length"] = str(stored.size)
    return private(answer)


def private(answer: HttpResponseBase) -> HttpResponseBase:
    """Opened in the browser as what it is, kept by nobody in between; its address, which may hold a
    token, not passed on.
    """
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def from_storage(view: View) -> View:
    """Around a view that reads files: what is lost or damaged is a 404 and an error in the log.

    503, and when to come back, while the storage cannot be asked. HEAD gets no file.
    """

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            answer = view(request, *args, **kwargs)
        except (FileNotFoundError, FileDamaged) as error:
            log.exception("document_lost", path=request.path)
            raise Http404 from error
        except Outcome as error:
            log.warning("storage_away", path=request.path, reason=str(error))
            page = render_to_string("503.html", {"is_storage": True})
            headers = {"Retry-After": str(COME_BACK), "Cache-Control": "no-store"}
            return HttpResponse(page, status=503, headers=headers)
        return without_content(answer) if request.method == "HEAD" else answer

    return answered


def without_content(answer: HttpResponseBase) -> HttpResponseBase:
    """For HEAD: the headers alone. A file would be sent by the server whatever was asked, and its
    bytes be taken for the next answer of the connection.
    """
    if isinstance(answer, FileResponse):
        answer.streaming_content = ()
    return answer
