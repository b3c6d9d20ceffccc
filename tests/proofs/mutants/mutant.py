"""What a mutant is: one mechanism less, by a small change of the source."""

from dataclasses import dataclass
from pathlib import Path


class DoesNotApply(Exception):
    """The source has changed: the mutant must be written anew, or it would prove nothing."""


@dataclass(frozen=True, slots=True)
class Change:
    """In `file`, `old` becomes `new`. It must stand there exactly so many `times`."""

    file: str
    old: str
    new: str
    times: int = 1

    def applied(self, root: Path) -> str:
        """The file's text after it. DoesNotApply."""
        text = (root / self.file).read_text()
        if text.count(self.old) != self.times:
            found = f"{self.file} has it {text.count(self.old)} times: {self.old}"
            raise DoesNotApply(found)
        return text.replace(self.old, self.new)


@dataclass(frozen=True, kw_only=True, slots=True)
class Mutant:
    """`off` says what it does without; `tests`, by pytest's names, must go red."""

    name: str
    off: str
    changes: tuple[Change, ...]
    tests: tuple[str, ...]
