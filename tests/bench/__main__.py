"""`make bench`: servers first, Django after them, and then the parts."""

import os
import shutil
import sys
import tempfile
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path

import django

from sandbox.servers.postgres import Postgres
from sandbox.servers.server import running
from sandbox.servers.sockets import socket_dir
from sandbox.servers.valkey import Valkey
from tests.bench.options import Options, read_options
from tests.surroundings import surroundings


def main() -> int:
    """0 when everything was measured and counted the same, marks met or not."""
    options = read_options()
    home = Path(tempfile.mkdtemp(prefix="halyard-bench-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, home, ignore_errors=True)
        return measure(options, home, stack)


def measure(options: Options, home: Path, stack: ExitStack) -> int:
    """The environment has to be complete before Django reads it, hence the late imports."""
    run_dir = socket_dir(home)
    postgres, valkey = Postgres(home / "postgres", run_dir), Valkey(home / "valkey", run_dir)
    os.environ.update(surroundings(home, database=postgres.url(), broker=valkey.url()))
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    processes = [stack.enter_context(running(server)) for server in (postgres, valkey)]
    django.setup()
    stage, programme = (import_module(f"tests.bench.{name}") for name in ("stage", "programme"))
    programme.run(stage.Servers(home, *processes), options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
