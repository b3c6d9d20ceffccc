"""What a page's script is answered where something was refused."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse

from deferral.errors import Outcome
from media.uploads.errors import TooMuchWork, UploadRefused

log = structlog.get_logger(__name__)

AWAY = "It cannot be kept at the moment. What has arrived is kept: try again later."
View = Callable[..., HttpResponse]


def answering(view: View) -> View:
    """Around a view that scripts ask: a refusal is JSON with its sentence, and kept by nobody."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            answer = view(request, *args, **kwargs)
        except UploadRefused as error:
            answer = JsonResponse({"said": str(error)}, status=error.status)
            if isinstance(error, TooMuchWork):
                answer["Retry-After"] = str(error.seconds)
        except (Outcome, OSError) as error:
            log.warning("upload_not_kept", path=request.path, reason=str(error))
            answer = JsonResponse({"said": AWAY}, status=503)
        answer["Cache-Control"] = "no-store"
        return answer

    return answered
