"""What processes cost, from /proc (Linux)."""

import os
from contextlib import suppress
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def cpu_seconds(root: int) -> float:
    """CPU of a process and all its descendants, those included that ended and were waited for."""
    return sum(_cpu(pid) for pid in family(root))


def resident_mib(root: int) -> float:
    """Resident memory of a process and all its descendants; shared pages count for each."""
    return sum(_resident(pid) for pid in family(root)) / 2**20


def family(root: int) -> list[int]:
    """A process and its descendants. Asks for parents: servers open sessions."""
    known = _children()
    found, left = [], [root]
    while left:
        found.append(left.pop())
        left += known.get(found[-1], [])
    return found


def children(pid: int) -> list[int]:
    """Those of one process that live now: a zombie does not."""
    return [child for child in _children().get(pid, []) if _fields(child)[:1] not in ([], ["Z"])]


def _children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _fields(int(entry.name))):
            found.setdefault(int(fields[1]), []).append(int(entry.name))
    return found


def _cpu(pid: int) -> float:
    """User and system time, own and of dead children (proc(5): fields 14 to 17)."""
    return sum(int(ticks) for ticks in _fields(pid)[11:15]) / TICKS


def _resident(pid: int) -> int:
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    return 0


def _fields(pid: int) -> list[str]:
    """What stands after the name, which may hold anything: state, parent, …"""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return []
