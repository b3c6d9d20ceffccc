"""`up`: everything between the command and the running stack."""

import os
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

from launcher.console import address_lines, announce_ready, say
from launcher.data_dir import claim, held
from launcher.environment import shared_environment
from launcher.errors import Refused
from launcher.keys import kept_secrets
from launcher.logs import set_aside_large
from launcher.options import ROOT, Options
from launcher.ports import refuse_taken
from launcher.servers.sockets import socket_dir
from launcher.stack import Stack, halyard
from launcher.state import write_state
from launcher.supervisor import Supervisor

Table = Callable[[Options, Mapping[str, str]], Stack]
ENDING = 10.0  # seconds our own processes may still hold a port after a kill -9


def up(options: Options, table: Table = halyard) -> int:
    """Run a stack until asked to stop. Raises Refused before anything is started."""
    began = _began()
    if sys.platform != "linux":
        raise Refused(
            "Halyard's laptop servers need Linux: the kernel ends them with the supervisor "
            "(PR_SET_PDEATHSIG), which macOS cannot. Use a Linux machine, VM or container."
        )
    claim(options.data_dir)
    with held(options.data_dir):
        refuse_taken(options.ports, patience=ENDING if options.state_file.exists() else 0)
        code = _supervisor(options, table(options, os.environ), began).run()
        options.state_file.unlink(missing_ok=True)
        shutil.rmtree(socket_dir(options.data_dir), ignore_errors=True)
    return code


def _supervisor(options: Options, stack: Stack, began: float) -> Supervisor:
    env = shared_environment(options, kept_secrets(options.data_dir), stack.servers)
    set_aside_large(options.logs)
    addresses = address_lines(options, env)
    say(f"Starting Halyard (pid {os.getpid()}, data in {options.data_dir})")
    return Supervisor(
        stack.programs,
        logs=options.logs,
        cwd=ROOT,
        env=env,
        say=say,
        watcher=lambda supervisor: write_state(options.state_file, supervisor, addresses),
        celebrate=lambda: announce_ready(options, env, began=began),
    )


def _began() -> float:
    """`make up` passes when it began, so that installing counts."""
    with suppress(ValueError):
        return float(os.environ.get("UP_BEGAN", ""))
    return time.time()
