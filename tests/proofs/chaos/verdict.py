"""What came of it, counted in the services' journals.

`lost`: a paid order's effect that nobody has. `doubled`: one accepted under two keys. `repeats`:
the same key or Message-ID again, which the receiver dropped; no more than was in flight at a kill.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.bench import truth
from tests.bench.results import Row
from tests.bench.statistics import Mark, at_least, at_most, percentile
from tests.proofs.chaos.crew import Kill
from tests.proofs.chaos.recovering import Recovery
from tests.rig.journals import Journals, accepted_of

RECOVERED = 5.0  # seconds, p99


@dataclass(frozen=True)
class Count:
    """What stands in the services' journals about the orders that were paid, and about others."""

    lost: list[str]
    doubled: list[str]
    uncaused: list[str]
    repeats: int

    @property
    def stands(self) -> bool:
        """Whether nothing was lost, doubled, or done without a cause."""
        return not (self.lost or self.doubled or self.uncaused)


@dataclass(frozen=True)
class Verdict:
    """Of one system."""

    title: str
    orders: int
    count: Count
    kills: Sequence[Kill]
    wipes: int
    restarts: int
    in_flight: int
    replayed: int
    recovery: list[Recovery]
    cut_off: Mapping[str, int]
    drained: float

    @property
    def row(self) -> Row:
        """One line of the table."""
        roles = [kill.role for kill in self.kills]
        found: dict[str, float | int | str] = {
            "system": self.title,
            "orders": self.orders,
            "killed": len(roles),
            "of them workers": roles.count("worker"),
            "relays": roles.count("relay"),
            "wipes": self.wipes,
            "DB restarts": self.restarts,
            "lost": len(self.count.lost),
            "doubled": len(self.count.doubled),
            "repeats": self.count.repeats,
            "drained s": round(self.drained),
        }
        if self.recovery:
            found["dead, replayed"] = self.replayed
            found["child: again after s, p50"] = round(self.again("child", 50), 1)
            found["p99"] = round(self.again("child", 99), 1)
            found["worker: p50"] = round(self.again("worker", 50), 1)
            found["worker: p99"] = round(self.again("worker", 99), 1)
        return found

    def again(self, killed: str, percent: float) -> float:
        """A percentile of the recoveries from kills of children, or of whole workers; 0 of none."""
        seconds = [each.seconds for each in self.recovery if each.killed == killed]
        return percentile(seconds, percent) if seconds else 0.0

    @property
    def slowest(self) -> list[str]:
        """What took longest, in words; nothing when no kill met a running job."""
        slow = sorted(self.recovery, reverse=True)[:5]
        return ["the longest until again and settled:", *map(str, slow)] if slow else []

    @property
    def victims(self) -> Iterator[str]:
        """Of each name: how often it, or a child of it, was killed, and what ran there then."""
        for name, times in sorted(Counter(kill.name for kill in self.kills).items()):
            yield f"{name}: {times} killed, {self.cut_off.get(name, 0)} jobs under way"

    @property
    def counted(self) -> list[Mark]:
        """Of Halyard, as the external services have it in their journals."""
        return [
            at_most("lost", len(self.count.lost), 0),
            at_most("doubled", len(self.count.doubled), 0),
            at_most("effects without a paid order", len(self.count.uncaused), 0),
            at_most("repeats", self.count.repeats, self.in_flight),
        ]

    @property
    def marks(self) -> list[Mark]:
        """The same, and how soon a quick job is settled whose process died."""
        found = self.counted
        if self.recovery:
            for killed in ("child", "worker"):
                what = f"again and settled after a {killed}'s death, p99"
                found.append(at_most(what, self.again(killed, 99), RECOVERED, "s"))
        return found

    @property
    def contrast(self) -> Mark:
        """Of the others: a storm that costs nobody anything shows nothing."""
        return at_least(
            f"{self.title}: lost or doubled", len(self.count.lost) + len(self.count.doubled), 1
        )


def count(ledger: Journals, paid: Collection[str]) -> Count:
    """Every paid order has each effect once, and nobody else has any."""
    counts = accepted_of(ledger, paid)
    owed = [(order, *effect) for order in sorted(paid) for effect in truth.OWED]
    rows = [row for name, found in ledger.items() if name != "payment" for row in found]
    others = {row["order"] for row in rows if row["accepted"]} - {"", *paid}
    return Count(
        lost=[" ".join(each) for each in owed if counts[each] == 0],
        doubled=[" ".join(each) for each in owed if counts[each] > 1],
        uncaused=sorted(others),
        repeats=sum(row["repeats"] for row in rows),
    )
