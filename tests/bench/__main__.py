"""`make bench`: servers first, Django after them, and then the parts.

Exits with 0 when everything was measured and counted the same, marks met or not; with 1 and a
sentence when it was not.
"""

import os
import shutil
import signal
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
from sandbox.up.options import ROOT
from tests.bench import report, statements
from tests.bench.options import Options, read_options
from tests.bench.results import Result
from tests.bench.truth import Differs
from tests.surroundings import surroundings


def main() -> int:
    """Measure, print, write the file."""
    options = read_options()
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    kept = ROOT / (os.environ.get("DATA_DIR") or ".data") / "bench.json"
    home = Path(tempfile.mkdtemp(prefix="halyard-bench-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, home, ignore_errors=True)
        try:
            results = measure(options, home, stack)
        except (Differs, AssertionError) as problem:
            sys.stderr.write(f"\nThe benchmark failed: {problem}\n")
            return 1
    report.write(kept, results, sys.argv[1:])
    sys.stderr.write(f"Written to {kept}\n")
    return 0


def measure(options: Options, home: Path, stack: ExitStack) -> list[Result]:
    """The environment has to be complete before Django reads it, hence the late imports."""
    run_dir = socket_dir(home)
    postgres = Postgres(home / "postgres", run_dir, statements.LIBRARY)
    valkey = Valkey(home / "valkey", run_dir)
    os.environ.update(surroundings(home, database=postgres.url(), broker=valkey.url()))
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    processes = [stack.enter_context(running(server)) for server in (postgres, valkey)]
    statements.install(postgres)
    django.setup()
    stage, programme = (import_module(f"tests.bench.{name}") for name in ("stage", "programme"))
    results: list[Result] = programme.run(stage.Servers(home, *processes), options)
    return results


if __name__ == "__main__":
    sys.exit(main())
