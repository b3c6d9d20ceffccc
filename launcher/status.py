"""`status`: what runs, for how long, how large it is, and where everything is found."""

import time

from launcher.console import say
from launcher.data_dir import holder
from launcher.memory import memory_of
from launcher.options import Options
from launcher.state import Line, read_state

# Seconds without a sign of life.
WORTH_SAYING = 15.0


def status(options: Options) -> int:
    """Print the table. Nothing running is an answer, not an error."""
    pid = holder(options.data_dir)
    if pid is None:
        say(f"Halyard is not running (data in {options.data_dir}).")
        return 0
    shown = read_state(options.state_file)
    say(f"Halyard is {shown.phase}, pid {pid}, data in {options.data_dir}\n")
    say(f"{'process':<10} {'pid':>8}  {'state':<11} {'since':>9} {'restarts':>9}  memory")
    for line in shown.lines:
        say(_row(line))
    say(f"{'together':<10} {'':>8}  {'':<11} {'':>9} {'':>9}  {memory_of(pid)}\n")
    for line in shown.lines:
        if line.restarts:
            say(_misfortune(line))
    for address in shown.addresses:
        say(address)
    return 0


def _row(line: Line) -> str:
    size = memory_of(line.pid) if line.pid else ""
    since = f"{time.time() - line.since:.0f} s"
    pid = line.pid or "-"
    state = f"silent {line.silence:.0f} s" if line.silence > WORTH_SAYING else line.state
    return f"{line.name:<10} {pid:>8}  {state:<11} {since:>9} {line.restarts:>9}  {size}"


def _misfortune(line: Line) -> str:
    """What became of one that has been restarted."""
    now = time.time()
    again = f"; again in {max(line.again_at - now, 0):.0f} s" if line.again_at else ""
    return f"{line.name} {line.why} {now - line.ended_at:.0f} s ago{again}"
