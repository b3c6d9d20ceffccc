"""One step of the relay's pass, guarded: what goes wrong in one stops none of the others."""

from collections.abc import Callable
from typing import Any

import structlog

from deferral.database.outage import is_held_up, is_our_outage
from deferral.relay.publishing import BrokerAway

log = structlog.get_logger(__name__)


def careful(step: Callable[..., Any], **options: Any) -> int:
    """Return how much the step found to do: 0 after a bug, a poisonous row or somebody's lock.

    Those are logged. BrokerAway and an outage of the database are raised: they end the pass.
    """
    try:
        return step(**options) or 0
    except Exception as error:
        if isinstance(error, BrokerAway) or is_our_outage(error):
            raise
        if is_held_up(error):
            log.warning("relay_step_held_up", step=step.__name__, error=str(error))
        else:
            log.exception("relay_step_failed", step=step.__name__)
        return 0
