"""One part after the other, and what became of each."""

import time
import traceback
from collections.abc import Callable, Mapping

from tests.bench.options import Options
from tests.bench.results import Result
from tests.bench.table import as_text
from tests.rig.stand_alone import Servers

Part = Callable[[Servers, Options], Result]


def take_turns(parts: Mapping[str, Part], servers: Servers, options: Options) -> list[Result]:
    """Everything that was measured; each table is printed as soon as it is there.

    A part that fails takes nothing of the others with it: what was measured in an hour is kept.
    """
    results = []
    for name in options.parts:
        began = time.monotonic()
        result = _measured(name, parts[name], servers, options)
        result.seconds = time.monotonic() - began
        print(as_text(result), end="\n\n", flush=True)  # noqa: T201  it is what was asked for
        results.append(result)
    return results


def _measured(name: str, part: Part, servers: Servers, options: Options) -> Result:
    """The part's table, or why there is none."""
    try:
        return part(servers, options)
    except Exception as problem:  # noqa: BLE001  whatever it is, it is this part's
        traceback.print_exc()
        return Result(name, f"The part {name} failed", failure=f"{problem}"[:2_000])
