"""Who asks stands in every line of the log that is written meanwhile."""

from typing import Any

import structlog
from django.dispatch import receiver
from django.http import HttpRequest
from django_structlog import signals

from deferral.pressure.askers import address_of


@receiver(signals.bind_extra_request_metadata)
def log_asker(request: HttpRequest, **_: Any) -> None:
    """In every line that is written while this request is answered."""
    structlog.contextvars.bind_contextvars(ip=str(address_of(request) or "unknown"))
