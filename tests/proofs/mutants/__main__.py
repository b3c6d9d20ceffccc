"""Switches off one mechanism of the ledger at a time, in a copy, and demands that a test fails.

Ends with 1 when a mutant survives, no longer applies, or keeps its tests from running at all.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.proofs.mutants.catalogue import MUTANTS, named_tests
from tests.proofs.mutants.copying import changed, copy_repository
from tests.proofs.mutants.judging import NotATest, judge
from tests.proofs.mutants.mutant import DoesNotApply, Mutant
from tests.rig.surroundings import ROOT

Row = tuple[str, str, str]


def main() -> int:
    """First the tests as they are, which must be green; then each mutant; then a table."""
    mutants = chosen()
    home = Path(tempfile.mkdtemp(prefix="halyard-mutants-"))
    try:
        copy_repository(ROOT, home)
        tell(f"{len(mutants)} mutants; their tests without any ...")
        healthy = judge(home, named_tests(mutants))
        if healthy.red:
            tell(f"These tests fail without a mutant: {healthy.red}")
            return 1
        tell(f"green, {healthy.seconds:.0f} s")
        rows = [tried(home, mutant) for mutant in mutants]
    finally:
        shutil.rmtree(home, ignore_errors=True)
    return told(rows)


def chosen(arguments: Sequence[str] | None = None) -> tuple[Mutant, ...]:
    """Those that were named, or all. Ends the program with a sentence for an unknown name."""
    names = [mutant.name for mutant in MUTANTS]
    lines = "\n".join(f"  {mutant.name:<17} {mutant.off}" for mutant in MUTANTS)
    parser = argparse.ArgumentParser(
        prog="make mutants",
        description=__doc__,
        epilog=f"mutants:\n{lines}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="MUTANT", help="some of them; all if none")
    wanted = parser.parse_args(arguments).names or names
    if unknown := set(wanted) - set(names):
        parser.error(f"no such mutant: {', '.join(sorted(unknown))}")
    return tuple(mutant for mutant in MUTANTS if mutant.name in wanted)


def tried(home: Path, mutant: Mutant) -> Row:
    """Name, what killed it ("" if nothing did), and how long that took."""
    tell(f"{mutant.name}: {mutant.off} ...")
    try:
        with changed(home, mutant.changes):
            verdict = judge(home, mutant.tests)
    except (DoesNotApply, NotATest) as problem:
        tell(f"{type(problem).__name__}: {problem}")
        return mutant.name, "", "-"
    return mutant.name, verdict.red, f"{verdict.seconds:.0f} s"


def told(rows: Sequence[Row]) -> int:
    """Print the table; return how the program ends."""
    for name, red, seconds in rows:
        sys.stdout.write(f"{name:<17} {seconds:>5}  {red or 'SURVIVED'}\n")
    survivors = [name for name, red, _ in rows if not red]
    summary = f"alive: {', '.join(survivors)}" if survivors else f"all {len(rows)} killed"
    sys.stdout.write(f"{summary}\n")
    return 1 if survivors else 0


def tell(line: str) -> None:
    """Progress."""
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
