"""`stop` and `reset`: for another terminal."""

import os
import shutil
import signal
import sys

from launcher.console import say
from launcher.data_dir import holder, is_ours
from launcher.errors import Refused
from launcher.options import Options
from launcher.servers.process import wait_for
from launcher.servers.sockets import socket_dir

SERVERS = 90.0  # seconds: broker and database up to 30 each, and as many for everything between


def stop(options: Options) -> int:
    """Ask the running supervisor to stop and wait until it has."""
    pid = holder(options.data_dir)
    if not pid:
        say(f"Halyard is not running (data in {options.data_dir}).")
        return 0
    say(f"Stopping Halyard (pid {pid}); a running task may take up to {options.grace:.0f} s ...")
    os.kill(pid, signal.SIGTERM)
    patience = options.grace + SERVERS
    if not wait_for(lambda: holder(options.data_dir) != pid, patience=patience):
        msg = f"It has not ended within {patience:.0f} s: see {options.logs}."
        raise Refused(msg)
    say("Stopped.")
    return 0


def reset(options: Options) -> int:
    """Delete the data directory, after a question (YES=1 answers it)."""
    doomed = options.data_dir
    if not doomed.exists():
        say(f"There is nothing in {doomed}.")
        return 0
    if not is_ours(doomed):
        msg = f"{doomed} was not made by Halyard: delete it yourself if you mean to."
        raise Refused(msg)
    say(f"This stops Halyard and deletes everything in {doomed}:")
    for entry in sorted(doomed.iterdir()):
        say(f"  {entry.name}")
    if not _agreed():
        say("Nothing was deleted.")
        return 1
    stop(options)
    shutil.rmtree(socket_dir(doomed), ignore_errors=True)
    shutil.rmtree(doomed)
    say("Deleted. The next start begins from nothing.")
    return 0


def _agreed() -> bool:
    if os.environ.get("YES") == "1":
        return True
    if not sys.stdin.isatty():
        raise Refused("There is no terminal to ask at: YES=1 deletes without a question.")
    return input("Delete it? [y/N] ").strip().lower() in {"y", "yes"}
