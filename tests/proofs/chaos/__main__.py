"""`make chaos`: servers of its own, Django after them, then the storms."""

import os
import signal
import sys
from importlib import import_module

from tests.bench import report
from tests.bench.table import as_text
from tests.proofs.chaos.options import MORE, VISIBILITY, Options, read_options
from tests.rig.stand_alone import own_servers

PACKAGE = "tests.proofs.chaos"
# Of what is more than one module, the one that runs.
PARTS = {"media": "media.part"}


def main() -> int:
    """Print the table and write it down. 1 when Halyard lost or doubled anything."""
    options = read_options()
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    kept = report.place("chaos.json")
    sys.stderr.write(f"seed {options.seed}\n")
    # Nothing of a row that was committed may be lost by a restart: fsync stays on.
    with own_servers("halyard-chaos-", {}) as servers:
        os.environ["VISIBILITY_TIMEOUT"] = str(VISIBILITY)
        found = [import_module(name).run(servers, options) for name in programmes(options)]
    print(*(as_text(result) for result, _ in found), sep="\n", flush=True)  # noqa: T201  asked for
    report.write(kept, [result for result, _ in found], sys.argv[1:])
    return 0 if all(stands for _, stands in found) else 1


def programmes(options: Options) -> list[str]:
    """The modules that do it: one for the systems that are compared, one for each thing more."""
    more = [f"{PACKAGE}.{PARTS.get(name, name)}" for name in options.systems if name in MORE]
    return [f"{PACKAGE}.programme", *more] if len(more) < len(options.systems) else more


if __name__ == "__main__":
    sys.exit(main())
