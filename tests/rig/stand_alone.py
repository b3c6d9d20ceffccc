"""Servers, environment and Django for a program that is no test: the benchmark, the chaos."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import django

from launcher.servers.postgres import Postgres
from launcher.servers.process import Process, spawn, stop, wait_for
from launcher.servers.server import running
from launcher.servers.sockets import socket_dir
from launcher.servers.valkey import Valkey
from tests.rig.surroundings import surroundings


@dataclass
class Servers:
    """The two that everybody shares, and where they keep things."""

    home: Path
    database: Postgres
    postgres: Process
    valkey: Process

    def restart_database(self) -> None:
        """As an administrator would: every session is cut off, and it is back a second later."""
        stop(self.postgres, with_signal=self.database.stop_signal, grace=15)
        self.database.prepare()
        log = self.database.run_dir / "postgres.log"
        self.postgres = spawn(
            self.database.command(), log=log, death_signal=self.database.stop_signal
        )
        assert wait_for(self.database.ready, patience=30)


@contextmanager
def own_servers(prefix: str, settings: Mapping[str, str]) -> Iterator[Servers]:
    """Everything in one scratch folder, gone afterwards. Django is set up inside, so import late.

    `settings` are PostgreSQL's. Call it from the main thread.
    """
    home = Path(tempfile.mkdtemp(prefix=prefix))
    run_dir = socket_dir(home)
    database, broker = Postgres(home / "postgres", run_dir, settings), Valkey(home / "v", run_dir)
    try:
        os.environ.update(surroundings(home, database=database.url(), broker=broker.url()))
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        with running(database) as postgres, running(broker) as valkey:
            found = Servers(home, database, postgres, valkey)
            django.setup()
            try:
                yield found
            finally:
                stop(found.postgres, with_signal=database.stop_signal, grace=15)
    finally:
        shutil.rmtree(run_dir, ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)
