"""A file of products whose worker is killed in the middle: as if nothing had happened."""

import io
import os
import random
import signal
import time
from collections import defaultdict
from contextlib import suppress

import pytest

from deferral.models import Job, JobStep
from launcher.servers.process import kill_group
from launcher.workers import Worker
from shop.imports.keeping import confirm
from shop.imports.receiving import receive
from shop.models import Product, ProductImport, ProductPicture
from tests.bench.processes import children
from tests.rig.depth import THOROUGH, thorough
from tests.rig.running_shop import RunningShop
from tests.rig.waiting import eventually
from tests.shop.imports.files import counts
from tests.shop.imports.zips import picture, zipped

pytestmark = pytest.mark.timeout(300)
WORKER = Worker("children", "bulk", 1)
NEW = 6_000 if THOROUGH else 3_000
HEAD = "SKU,Title,Category,Price,Supplier,On sale"
# All of one title: what was written twice, or lost, would show in the addresses too.
LINES = [f"KILL-{n:05},Killed,home,{n % 90 + 10}.50,warehouse,yes" for n in range(NEW)]
# Each with a picture of its own, and that of its neighbour.
ILLUSTRATED = [f"{line},{n}.jpg|{(n + 1) % 120}.jpg" for n, line in enumerate(LINES[:120])]
WRONG = "KILL-WRONG,Killed,home,1,,yes"


def brought() -> ProductImport:
    """New ones, one that changes, one that does not, one that is wrong."""
    rows = [*LINES, "HO-001,Harbour mug,home,21.00,warehouse,true", WRONG]
    rows.append("HO-002,Boathouse tote,home,24.00,warehouse,true")
    content = "\n".join([HEAD, *rows]).encode()
    return receive(io.BytesIO(content), name="products.csv", uploaded_by="ada@example.org")


def came_to(key: str) -> int:
    """How many lines are behind a checkpoint."""
    return sum(JobStep.objects.filter(job__key=key).values_list("done", flat=True))


def is_done(key: str) -> bool:
    """Whether that job is over."""
    return Job.objects.filter(key=key, state="done").exists()


def die(shop: RunningShop, dice: random.Random) -> None:
    """SIGKILL, to the child that writes, or to the worker with it."""
    if dice.random() < 0.4:
        kill_group(shop.named("children"))
        shop.named("children").wait()
    for pid in children(shop.named("children").pid):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def killed_until_done(shop: RunningShop, key: str, *, times: int) -> int:
    """Kill it as it gets on, so often at most; return how often it was."""
    dice, kills = random.Random(15), 0  # noqa: S311 - no secret
    while not is_done(key):
        was = came_to(key)

        def gets_on(was: int = was) -> bool:
            shop.start_again()
            return came_to(key) > was or is_done(key)

        eventually(gets_on, patience=60, show=shop.logs)
        if kills < times and not is_done(key):
            time.sleep(dice.uniform(0, 0.05))  # anywhere between two checkpoints
            die(shop, dice)
            kills += 1
    return kills


def test_killed_again_and_again_each_line_is_imported_once(shop: RunningShop) -> None:
    shop.relay()
    shop.celery(WORKER)
    shop.ready()
    before = Product.objects.count()
    source = brought()
    looks = killed_until_done(shop, source.check_key, times=3)
    source.refresh_from_db()
    expected = {"new": NEW, "changed": 1, "unchanged": 1, "refused": 1, "stock": 0, "pictures": 0}
    assert source.findings == expected
    assert source.refused_cells.count() == 1
    assert Product.objects.count() == before

    confirm(productimport_id=source.pk, by="ada@example.org")
    kills = killed_until_done(shop, source.import_key, times=6)
    source.refresh_from_db()

    assert source.results == expected
    assert Product.objects.count() == before + NEW
    made = Product.objects.filter(sku__startswith="KILL-")
    slugs = {"killed", *(f"killed-{n}" for n in range(2, NEW + 1))}
    assert set(made.values_list("slug", flat=True)) == slugs
    assert Product.objects.get(sku="HO-001").price_cents == 2100
    assert (looks >= 1, kills >= 4) == (True, True), (looks, kills)


@thorough
def test_killed_again_and_again_each_picture_is_there_once(shop: RunningShop) -> None:
    shop.relay()
    shop.celery(WORKER)
    shop.ready()
    count = len(ILLUSTRATED)
    pictures = zipped({f"{n}.jpg": picture(40 + n) for n in range(count)})
    content = "\n".join([f"{HEAD},Pictures", *ILLUSTRATED]).encode()
    source = receive(io.BytesIO(content), name="products.csv", uploaded_by="ada", pictures=pictures)
    killed_until_done(shop, source.check_key, times=1)
    confirm(productimport_id=source.pk, by="ada@example.org")
    kills = killed_until_done(shop, source.import_key, times=4)
    source.refresh_from_db()

    of = ProductPicture.objects.filter(product__sku__startswith="KILL-")
    named = {f"KILL-{n:05}": [f"{n}.jpg", f"{(n + 1) % count}.jpg"] for n in range(count)}
    found = defaultdict(list)
    for sku, name in of.order_by("position").values_list("product__sku", "asset__name"):
        found[sku].append(name)
    assert found == named
    assert counts(source.results, "pictures") == [2 * count]
    assert kills >= 2


def test_killed_between_its_rows_and_their_commit_nothing_of_the_chunk_is_there(
    shop: RunningShop,
) -> None:
    crash = shop.crash_at("products_written")
    shop.relay()
    shop.celery(WORKER, **crash)
    shop.ready()
    source = brought()
    eventually(lambda: is_done(source.check_key), patience=60, show=shop.logs)
    source.refresh_from_db()
    confirm(productimport_id=source.pk, by="ada@example.org")
    shop.wait_for_crash()
    assert not Product.objects.filter(sku__startswith="KILL-").exists()

    killed_until_done(shop, source.import_key, times=0)
    source.refresh_from_db()
    assert source.results == source.findings
    assert shop.crashes("products_written") == 1
