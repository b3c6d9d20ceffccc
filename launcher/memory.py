"""How much memory a tree of processes takes."""

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True)
class Memory:
    """Bytes. `rss` counts shared pages once per process, `pss` once; None where unreadable."""

    rss: int
    pss: int | None

    def __str__(self) -> str:
        rss = f"{self.rss / 1e6:.0f} MB"
        return rss if self.pss is None else f"{self.pss / 1e6:.0f} MB (RSS {rss})"


def memory_of(pid: int) -> Memory:
    """The process and all its descendants, now."""
    parts = [_own(member) for member in _family(pid)]
    shares = [part.pss for part in parts if part.pss is not None]
    whole = sum(shares) if len(shares) == len(parts) else None
    return Memory(rss=sum(part.rss for part in parts), pss=whole)


def _family(pid: int) -> list[int]:
    children = defaultdict(list)
    for entry in PROC.glob("[0-9]*/stat"):
        with suppress(OSError):
            children[_parent(entry)].append(int(entry.parent.name))
    family = [pid]
    for member in family:
        family.extend(children[member])
    return family


def _parent(stat: Path) -> int:
    return int(stat.read_text().rpartition(")")[2].split()[1])


def _own(pid: int) -> Memory:
    with suppress(OSError):
        return Memory(_field(pid, "smaps_rollup", "Rss"), _field(pid, "smaps_rollup", "Pss"))
    with suppress(OSError):
        return Memory(_field(pid, "status", "VmRSS"), None)
    return Memory(0, 0)  # ended meanwhile


def _field(pid: int, file: str, name: str) -> int:
    """A figure in kB, as bytes; a kernel thread or a zombie has none."""
    for line in (PROC / str(pid) / file).read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    return 0
