"""What our partner is told, as the customer's page of an order says it; and who has a breaker."""

import re
from collections.abc import Iterable

from deferral.external.parking import KINDS
from deferral.external_services import ExternalService
from deferral.models import Job
from orders.customer_page import STEP_WORDS, Words
from webhooks.models import Endpoint

# As its handler names it; another try is `…:resend-1-…` or `…:recovered-…`.
FIRST_TO_PARTNER = re.compile(r"partner:[a-z.]+:[^:]+")


def is_theirs(job: Job) -> bool:
    """Of webhooks the first to our partner alone, and not once it is dead: whom else we tell, what
    we send again and what never arrives is between us and them. Nothing of the order hangs on it.
    """
    return job.state != Job.State.DEAD and bool(FIRST_TO_PARTNER.fullmatch(job.key))


TOLD = Words(
    doing="Passing your order on.",
    done="Knows about your order.",
    who="Our partner",
    shown=is_theirs,
)
STEP_WORDS.fill("webhooks.deliver_webhook", TOLD)


def endpoints() -> Iterable[ExternalService]:
    """Also one that `migrate` made, and nobody has called yet."""
    return [endpoint.service for endpoint in Endpoint.objects.only("slug")]


KINDS.fill("endpoints", endpoints)
