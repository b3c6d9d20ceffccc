"""What many customers saw."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench.statistics import percentile

DONE = 303


@dataclass(frozen=True)
class Answer:
    """What came of one click. `order` is its number, when there is one."""

    status: int
    seconds: float
    order: str = ""
    timing: str = ""
    mishap: str = ""  # why there was no answer


@dataclass(frozen=True)
class Crowd:
    """What so many customers saw together."""

    answers: Sequence[Answer]
    seconds: float

    @property
    def orders(self) -> list[str]:
        """The numbers of the orders that were placed and paid."""
        return [answer.order for answer in self.answers if answer.status == DONE]

    @property
    def errors(self) -> int:
        """Clicks that did not lead to an order."""
        return len(self.answers) - len(self.orders)

    @property
    def mishaps(self) -> str:
        """What the errors were: `2 x 503, 1 x ServerDisconnectedError`."""
        found = Counter(a.mishap or str(a.status) for a in self.answers if a.status != DONE)
        return ", ".join(f"{n} x {what}" for what, n in found.items())

    @property
    def rate(self) -> float:
        """Orders a second."""
        return len(self.orders) / self.seconds

    def wait(self, percent: float) -> float:
        """Seconds until the answer that so many per cent had."""
        return percentile([answer.seconds for answer in self.answers], percent)
