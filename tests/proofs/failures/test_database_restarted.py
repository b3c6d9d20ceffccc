"""The database stops and comes back: customers are told to come again, and then are served."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.servers.postgres import Postgres
from launcher.servers.server import running
from launcher.servers.sockets import socket_dir
from tests.rig.processes import Processes
from tests.rig.running_sandbox import Sandbox
from tests.rig.waiting import eventually


@pytest.fixture
def database(tmp_path: Path) -> Postgres:
    return Postgres(tmp_path / "postgres", socket_dir(tmp_path), {"fsync": "off"})


@pytest.fixture
def shop(database: Postgres, tmp_path: Path, sandbox: Sandbox) -> Iterator[Processes]:
    """On a database of its own, which is not running yet."""
    found = Processes(scratch=tmp_path, env={"DATABASE_URL": database.url()})
    yield found
    found.end()


def test_while_the_database_is_away_the_shop_says_when_to_come_back(
    database: Postgres, shop: Processes
) -> None:
    with running(database):
        shop.prepare()
        shop.serve()
        assert [shop.answers("/").status_code for _ in range(4)] == [200] * 4

    away = shop.answers("/")

    assert (away.status_code, away.headers["Retry-After"]) == (503, "5")
    assert "Back in a moment." in away.text

    with running(database):
        eventually(lambda: shop.answers("/").status_code == 200, show=shop.logs)
        assert [shop.answers("/").status_code for _ in range(8)] == [200] * 8
