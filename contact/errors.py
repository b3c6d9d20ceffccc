"""What can be wrong with a message, or with a draft of its answer."""


class SentDifferently(Exception):
    """This page was sent before, with other words. Nothing new was sent: write it once more."""

    def __init__(self) -> None:
        super().__init__((self.__doc__ or "").strip())


class NeverFits(Exception):
    """This call alone is larger than the budget of a whole day."""


class BudgetSpent(Exception):
    """No call of the AI service fits into what is left of today's budget."""


class BudgetReserved(BudgetSpent):
    """It would fit, were calls under way not counted with the most that they can cost."""
