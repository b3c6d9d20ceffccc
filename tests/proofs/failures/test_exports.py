"""An export whose worker is killed at any moment is the file that it would have been."""

import os
import random
import signal
import time
from contextlib import suppress
from itertools import product

import pytest

from launcher.servers.process import kill_group
from orders.models import Order
from tests.proofs.failures.disturbed_exports import (
    Disturbed,
    disturbed,
    files_of,
    is_what_it_says,
    only_child,
)
from tests.reports.exports.exporting import table, whole
from tests.rig.depth import THOROUGH, thorough
from tests.rig.running_shop import RunningShop

pytestmark = pytest.mark.timeout(300)
# Of the least size, so that there are many: a hundred, and in CI two hundred.
PARTS = {"EXPORT_PART_ROWS": "100"}
ROWS = 20_000 if THOROUGH else 10_000
FORMATS = ["csv", *(pytest.param(name, marks=thorough) for name in ("csv.gz", "xlsx", "pdf"))]
STEPS = (
    "claimed",
    "step_begun",
    "step_checkpoint",
    "file_stored",
    "step_recorded",
    "effect_written",
    "done_written",
    "finished",
)
# Workbooks and what is compressed are parts of CSV until the last step.
DEATHS = [
    *product(STEPS, ("csv", "pdf")),
    *product(("file_stored", "step_recorded"), ("csv.gz", "xlsx")),
]


def die(shop: RunningShop, dice: random.Random) -> None:
    """SIGKILL, to the child that writes, or to the worker with it."""
    if dice.random() < 0.3:
        kill_group(shop.named("children"))
        shop.named("children").wait()
    for pid in only_child(shop):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def killed(found: Disturbed, dice: random.Random, *, times: int) -> int:
    """Kill it as it gets on, while the shop is busy, so often at most; return how often."""
    for number in range(times):
        if not found.gets_on():
            return number
        found.busy_shop()
        time.sleep(dice.uniform(0, 0.1))  # anywhere between two checkpoints
        die(found.shop, dice)
    return times


@thorough
@pytest.mark.parametrize("format_", FORMATS)
def test_killed_at_random_it_is_the_same_file_made_once(shop: RunningShop, format_: str) -> None:
    found = disturbed(shop, format_, rows=ROWS, **PARTS)

    kills = killed(found, random.Random(14), times=8 if THOROUGH else 4)  # noqa: S311 - no secret

    found.is_whole()
    assert kills >= 3
    assert all(map(is_what_it_says, files_of(found.export)))


@pytest.mark.parametrize(("step", "format_"), DEATHS if THOROUGH else [("file_stored", "csv")])
def test_killed_each_time_it_comes_to(shop: RunningShop, step: str, format_: str) -> None:
    crash = shop.crash_at(step)
    found = disturbed(shop, format_, rows=4_000, **PARTS, **crash)
    while found.gets_on():
        if not (shop.crash_folder("child") / step).exists():
            found.busy_shop()
            shop.crash_at(step)

    found.is_whole()
    assert shop.crashes(step) >= (2 if step.startswith(("step", "file")) else 1)


@thorough
def test_of_rows_that_change_meanwhile_each_is_there_once_as_it_was_or_is(
    shop: RunningShop,
) -> None:
    found = disturbed(shop, "csv", rows=5_000, **PARTS)
    found.gets_on()
    Order.objects.filter(pk__lte=found.export.last_id).update(name="Somebody else")
    die(shop, random.Random(1))  # noqa: S311 - no secret
    found.until(found.look)

    before, after = table(whole(found.plain)), table(whole(found.export))
    assert [row[0] for row in after] == [row[0] for row in before]
    assert {row[2] for row in after[1:]} == {"Ada Lovelace", "Somebody else"}
    assert [row[:2] + row[3:] for row in after] == [row[:2] + row[3:] for row in before]
