"""Staff know that a supplier has nothing more to say of an order."""

import structlog
from django.db import transaction

from deferral.errors import NotAllowed
from orders.models import Consignment

log = structlog.get_logger(__name__)


@transaction.atomic
def expect_no_more(*, consignment_id: int, by: str, reason: str) -> Consignment:
    """It is neither asked nor named any more, until it tells of something by itself.

    NotAllowed where nothing is to be expected.
    """
    row = Consignment.objects.select_for_update().get(pk=consignment_id)
    if row.ask_at is None:
        raise NotAllowed("Nothing more is to be expected of it.")
    row.ask_at = None
    row.save(update_fields=["ask_at"])
    log.info("consignment_ended", order=row.order_id, supplier=row.supplier, by=by)
    return row
