"""All scenarios, each in its place: who imports this has them registered."""

from tests.proofs.failures.sweep import (  # noqa: F401  registered
    scenarios_accounts,
    scenarios_campaigns,
    scenarios_contact,
    scenarios_exports,
    scenarios_films,
    scenarios_hung_up,
    scenarios_imports,
    scenarios_inside,
    scenarios_logins,
    scenarios_of_many,
    scenarios_outside,
    scenarios_pictures,
    scenarios_returns,
    scenarios_shipments,
    scenarios_uploads,
)
from tests.proofs.failures.sweep.scenarios import SCENARIOS

__all__ = ["SCENARIOS"]
