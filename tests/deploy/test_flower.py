"""Flower as both descriptions start it: a login of its own on every page, which is no guess."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from launcher.options import read_options
from launcher.servers.process import last_lines, spawn, stop, wait_for
from launcher.stack import halyard
from tests.deploy.composed import ROOT, services
from tests.rig.ports import free_ports
from tests.rig.servers import HOME

LOGIN = ("harbour@halyard.example", "of flower alone")
PAGES = ("/", "/workers", "/tasks", "/broker", "/metrics", "/healthcheck", "/api/workers")


@pytest.fixture
def flower(starts_processes: None) -> Iterator[str]:
    """Its address; the broker is this run's."""
    [port] = free_ports(1)
    scratch = Path(tempfile.mkdtemp(dir=HOME))
    options = read_options({"FLOWER_PORT": str(port), "DATA_DIR": str(scratch)})
    [program] = [each for each in halyard(options, os.environ).programs if each.name == "flower"]
    env = {
        "PATH": os.environ["PATH"],
        "BROKER_URL": os.environ["BROKER_URL"],
        "FLOWER_BASIC_AUTH": ":".join(LOGIN),
    }
    process = spawn(program.command, log=scratch / "flower.log", env=env, cwd=ROOT)
    assert program.probe
    assert wait_for(program.probe.ready, patience=30), last_lines(scratch / "flower.log")
    yield f"http://127.0.0.1:{port}"
    stop(process, with_signal=program.stop_signal, grace=5)


def test_every_page_asks_for_the_login(flower: str) -> None:
    without = {page: requests.get(flower + page, timeout=20).status_code for page in PAGES}
    given = {
        page: requests.get(flower + page, auth=LOGIN, timeout=20).status_code for page in PAGES
    }

    assert without == dict.fromkeys(PAGES, 401)
    assert given == dict.fromkeys(PAGES, 200)


def test_twenty_wrong_logins_are_the_last(flower: str) -> None:
    guesses = [
        requests.get(flower, auth=("harbour@halyard.example", f"guess {n}"), timeout=20).status_code
        for n in range(25)
    ]

    assert guesses == [401] * 20 + [429] * 5
    assert requests.get(flower, auth=LOGIN, timeout=20).status_code == 429


def test_flower_is_given_what_it_needs_and_nothing_else() -> None:
    service = services()["flower"]

    assert {secret["source"] for secret in service["secrets"]} == {"broker_url", "flower_login"}
    assert set(service["environment"]) == {"TIME_ZONE", "BROKER_URL_FILE", "FLOWER_LOGIN_FILE"}
