"""What was promised of two cores, and what the runs come to."""

from collections.abc import Iterator, Sequence

from tests.bench.parts.waiting.hung import HUNG, OTHERS
from tests.bench.parts.waiting.killed import VICTIM, Killed
from tests.bench.parts.waiting.phases import Phase
from tests.bench.results import Row
from tests.bench.statistics import Mark, at_least, at_most, ratio

MOST_BACKENDS, MOST_GIGABYTES = 40, 1.2
MAIL_P50, MAIL_P95, LAST_MAIL = 3.0, 4.0, 12.0  # seconds
SHARE, SLOWER = 0.9, 1.1  # of what the others do as usual
FREE_WITHIN, AGAIN_WITHIN = 1.0, 6.0  # seconds


def hung_rows(steady: Phase, hung: Phase) -> Iterator[Row]:
    """The others' rates, with and without the one that hangs."""
    for service in OTHERS:
        yield {
            "what": f"  {service}",
            "orders/s": round(hung.rate(service), 2),
            "as usual": round(steady.rate(service), 2),
        }


def death_row(death: Killed) -> Row:
    """One line."""
    return {
        "what": f"{VICTIM} killed",
        "jobs": death.running,
        "repeats": death.repeats,
        "unlocked s": round(death.unlocked, 2),
        "given back s": round(death.given_back, 2),
        "again s": round(death.again, 2),
    }


def steady_marks(steady: Phase) -> Iterator[Mark]:
    """What it takes to keep up."""
    yield at_most("payment to e-mail, p50", steady.mail(50), MAIL_P50, "s")
    yield at_most("payment to e-mail, p95", steady.mail(95), MAIL_P95, "s")
    yield at_most("database sessions", steady.backends, MOST_BACKENDS)
    yield at_most("memory of all processes", steady.megabytes / 1000, MOST_GIGABYTES, "GB")


def hung_marks(steady: Phase, hung: Phase) -> Iterator[Mark]:
    """The worst of the others, and the e-mail."""
    worst = min(ratio(hung.rate(service), steady.rate(service)) for service in OTHERS)
    yield at_least(f"{HUNG} hangs: the others' rates, of the usual", worst, SHARE, "x")
    slower = ratio(hung.mail(50), steady.mail(50))
    yield at_most(f"{HUNG} hangs: payment to e-mail p50, of the usual", slower, SLOWER, "x")


def burst_mark(burst: Phase) -> Mark:
    """Counted from the first payment."""
    return at_most(f"{burst.title}: the last e-mail", burst.last_mail, LAST_MAIL, "s")


def death_marks(deaths: Sequence[Killed]) -> Iterator[Mark]:
    """The slowest of them counts."""
    free, again = max(each.unlocked for each in deaths), max(each.again for each in deaths)
    yield at_most(f"{VICTIM} killed: all its jobs free", free, FREE_WITHIN, "s")
    yield at_most(f"{VICTIM} killed: all of them again", again, AGAIN_WITHIN, "s")


def by_share(found: dict[str, float]) -> str:
    """The largest first, for whoever asks why a mark was missed."""
    largest = sorted(found, key=found.__getitem__, reverse=True)
    return ", ".join(f"{name} {found[name]:.0f}" for name in largest)
