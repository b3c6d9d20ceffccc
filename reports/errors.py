"""What can be wrong with a document. The docstring is what a person reads in the dead letters."""

from deferral.errors import Bury


class NoDocument(Bury):
    """This document cannot be written, and trying again would change nothing."""

    def __init__(self, subject: str) -> None:
        super().__init__(f"{subject}: {(self.__doc__ or '').strip()}")


class DoesNotAddUp(NoDocument):
    """Lines and totals of this order disagree; no receipt is better than a wrong one."""


class NotPaid(NoDocument):
    """There is no receipt and no ticket for an order that was never paid."""


class NoSuchTicket(NoDocument):
    """The order has fewer tickets than that."""


class NoSuchMonth(NoDocument):
    """A month is written as 2026-11."""


class MonthNotOver(NoDocument):
    """This month is not over: what was paid in it may still be on its way. An hour later it is."""
