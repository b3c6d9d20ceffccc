"""A process dies at any step of any scenario: nothing is lost, and nobody gets it twice."""

import ast
from collections.abc import Iterator

import pytest

from tests.proofs.failures.sweep.every_scenario import SCENARIOS
from tests.proofs.failures.sweep.scenarios import bought
from tests.proofs.failures.sweep.visited_shop import VisitedShop
from tests.rig.surroundings import ROOT

PAGE = ROOT / "docs" / "what-survives-what.md"
PRODUCT = (
    "config", "notifications", "reports", "reviews", "contact", "webhooks", "shop", "orders",
    "media", "accounts", "audit", "deferral",
)  # fmt: skip
# Dying there takes an effect along that an external service has accepted: it gets it again, and
# knows it.
REPEATED = {"service_told", "webhook_accepted", "mail_accepted"}
# Here a child's whole worker may die too: at work, before `done` is committed, in Celery's code.
WHOLE_WORKER = ("claimed", "done_written", "last_part_counted")
DEATHS = [*SCENARIOS, *((step, "worker") for step in WHOLE_WORKER)]
SHOPS = 2


def in_groups() -> Iterator[object]:
    """Two processes that run tests have a shop each."""
    for at, death in enumerate(DEATHS):
        group = pytest.mark.xdist_group(f"sweep-{at % SHOPS}")
        yield pytest.param(*death, marks=group, id="-".join(death))


@pytest.mark.at_home(cases=16)
@pytest.mark.parametrize(("step", "victim"), [*in_groups()])
def test_an_order_is_whole_after_a_death_at(shop: VisitedShop, step: str, victim: str) -> None:
    shop.crash_at(step, victim)
    scenario = SCENARIOS[step, "thread" if victim == "thread" else "child"]

    order = scenario(shop)

    assert shop.crashes(step) == 1
    if scenario is bought:
        crashes, losses = shop.deaths(order)
        assert (step in REPEATED) <= shop.repeats(order) <= losses, shop.picture(order)
        assert not (crashes and victim == "thread"), shop.picture(order)


def test_every_crash_point_of_the_product_is_in_the_sweep() -> None:
    found = list(crash_points())

    assert len(found) == len(set(found)) >= 25
    assert set(found) == {step for step, _ in SCENARIOS}


def test_every_crash_point_has_its_row_on_the_page() -> None:
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    told = [step for row in rows for step in row.rstrip(" |").rpartition("| ")[2].split(", ")]

    assert all(told.count(step) == 1 for step, _ in SCENARIOS)


def crash_points() -> Iterator[str]:
    """Their names, from the product's source."""
    for folder in PRODUCT:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                match node:
                    case ast.Call(ast.Name("crashpoint"), [ast.Constant(str(step))]):
                        yield step
