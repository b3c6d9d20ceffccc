"""`make bench`: servers first, Django after them, and then the parts.

Exits with 0 when everything was measured and counted the same, marks met or not; with 1 and the
names of the parts that were not. What the others measured is written all the same.
"""

import signal
import sys
from importlib import import_module

from tests.bench import report, statements
from tests.bench.options import Options, read_options
from tests.bench.results import Result
from tests.rig.stand_alone import own_servers


def main() -> int:
    """Measure, print, write the file."""
    options = read_options()
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    kept = report.place("bench.json")
    results = measure(options)
    report.write(kept, results, sys.argv[1:])
    sys.stderr.write(f"Written to {kept}\n")
    if failed := [result.part for result in results if result.failure]:
        sys.stderr.write(f"The benchmark failed in: {', '.join(failed)}. See above.\n")
    return 1 if failed else 0


def measure(options: Options) -> list[Result]:
    """Django reads the environment when it is imported, hence so late."""
    with own_servers("halyard-bench-", statements.LIBRARY) as servers:
        statements.install(servers.database)
        programme = import_module("tests.bench.programme")
        results: list[Result] = programme.run(servers, options)
    return results


if __name__ == "__main__":
    sys.exit(main())
