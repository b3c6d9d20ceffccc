"""`make chaos`: servers of its own, Django after them, then the storms."""

import os
import signal
import sys
from importlib import import_module

from tests.bench import report
from tests.bench.table import as_text
from tests.proofs.chaos.options import VISIBILITY, read_options
from tests.rig.stand_alone import own_servers


def main() -> int:
    """Print the table and write it down. 1 when Halyard lost or doubled anything."""
    options = read_options()
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    kept = report.place("chaos.json")
    sys.stderr.write(f"seed {options.seed}\n")
    # Nothing of a row that was committed may be lost by a restart: fsync stays on.
    with own_servers("halyard-chaos-", {}) as servers:
        os.environ["VISIBILITY_TIMEOUT"] = str(VISIBILITY)
        programme = import_module("tests.proofs.chaos.programme")
        result, stands = programme.run(servers, options)
    print(as_text(result), flush=True)  # noqa: T201  it is what was asked for
    report.write(kept, [result], sys.argv[1:])
    return 0 if stands else 1


if __name__ == "__main__":
    sys.exit(main())
