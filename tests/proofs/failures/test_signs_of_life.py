"""Relay, worker and beat go on touching their files, also while the broker is away."""

import sys
from pathlib import Path

from tests.rig.running_shop import RunningShop, eventually

AWAY = {"BROKER_URL": "redis+socket:///nowhere/valkey.sock"}


def touched_again(file: Path) -> bool:
    """Whether it is touched now, after it was taken away."""
    file.unlink(missing_ok=True)
    eventually(file.exists, patience=40)
    return True


def test_every_process_without_a_port_shows_that_it_lives(shop: RunningShop) -> None:
    files = {name: shop.scratch / f"{name}.heartbeat" for name in ("relay", "worker", "beat")}
    shop.relay(HEARTBEAT_FILE=str(files["relay"]), **AWAY)
    shop.worker(HEARTBEAT_FILE=str(files["worker"]))
    beat = [sys.executable, "-m", "celery", "-A", "config", "beat", "-l", "WARNING"]
    shop.start("beat", beat, HEARTBEAT_FILE=str(files["beat"]), **AWAY)
    shop.ready()

    assert all(touched_again(file) and touched_again(file) for file in files.values())
