"""The real supervisor over a table of tiny programs: `python stand_in_stack.py TABLE.json`.

Each entry: name, code (what its Python runs), layer, probe ("notify", "port" or null), after,
grace, patience. `servers` puts real PostgreSQL and Valkey in front.
"""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from launcher.errors import Refused
from launcher.options import Options, read_options
from launcher.probes import Notifies, Probe, Responds
from launcher.program import Layer, Program
from launcher.servers.errors import ServerFailed
from launcher.servers.sockets import socket_dir
from launcher.stack import Stack, halyard
from launcher.start import up


def main(table: Path) -> int:
    """Run the table as `up` would run Halyard's."""
    spec = json.loads(table.read_text())

    def stand_ins(options: Options, environ: Mapping[str, str]) -> Stack:
        programs = [_program(options, entry) for entry in spec["programs"]]
        if not spec["servers"]:
            return Stack(tuple(programs), {})
        real = halyard(options, environ)
        servers = [program for program in real.programs if program.layer < Layer.WORLD]
        return Stack((*servers, *programs), real.servers)

    try:
        return up(read_options(), stand_ins)
    except (Refused, ServerFailed) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1


def _program(options: Options, entry: dict[str, Any]) -> Program:
    return Program(
        name=entry["name"],
        command=(sys.executable, "-S", "-E", "-c", entry["code"]),
        layer=Layer[entry["layer"]],
        probe=_probe(options, entry),
        after=tuple(entry["after"]),
        grace=entry["grace"],
        patience=entry["patience"],
        silent_for=entry.get("silent_for", 45.0),
    )


def _probe(options: Options, entry: dict[str, Any]) -> Probe | None:
    if entry["probe"] == "notify":
        return Notifies(socket_dir(options.data_dir) / f"{entry['name']}.notify")
    if entry["probe"] == "port":
        return Responds(options.ports["WEB_PORT"], "/")
    return None


if __name__ == "__main__":
    os.environ.setdefault("DATA_DIR", ".data")
    sys.exit(main(Path(sys.argv[1])))
