"""Relay, worker and beat go on touching their files, also while the broker is away."""

import sys
from collections.abc import Collection
from pathlib import Path

from tests.rig.depth import thorough
from tests.rig.running_shop import RunningShop
from tests.rig.waiting import eventually

AWAY = {"BROKER_URL": "redis+socket:///nowhere/valkey.sock"}


def touched_again(files: Collection[Path]) -> bool:
    """Whether each is touched now, after it was taken away."""
    for file in files:
        file.unlink(missing_ok=True)
    eventually(lambda: all(file.exists() for file in files), patience=40)
    return True


@thorough
def test_every_process_without_a_port_shows_that_it_lives(shop: RunningShop) -> None:
    files = {name: shop.scratch / f"{name}.heartbeat" for name in ("relay", "worker", "beat")}
    shop.relay(HEARTBEAT_FILE=str(files["relay"]), **AWAY)
    shop.worker(HEARTBEAT_FILE=str(files["worker"]))
    beat = [sys.executable, "-m", "celery", "-A", "config", "beat", "-l", "WARNING"]
    shop.start("beat", beat, HEARTBEAT_FILE=str(files["beat"]), **AWAY)
    shop.ready()

    assert touched_again(files.values())
    assert touched_again(files.values())
