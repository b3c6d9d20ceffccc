"""A request that would bring too much work at once is answered with the time to come back."""

from collections.abc import Collection
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils import timezone

from deferral.failure_kinds import TOO_MANY
from deferral.pressure.shedding import refuse


def refusal(request: HttpRequest, *, queues: Collection[str]) -> HttpResponse | None:
    """429 with Retry-After and a page that says when, while one of `queues` is red. None: go on."""
    seconds = refuse(queues)
    if seconds is None:
        return None
    when = timezone.localtime(timezone.now() + timedelta(seconds=seconds))
    context = {"seconds": seconds, "when": when}
    page = loader.get_template("admin/deferral/too_much.html").render(context, request)
    headers = {"Retry-After": str(seconds), "Cache-Control": "no-store"}
    return HttpResponse(page, status=TOO_MANY, headers=headers)
