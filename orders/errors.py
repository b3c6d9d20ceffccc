"""What can be wrong with an order or its payment. The docstring is what a person is told."""

from deferral.failure_kinds import FailureKind


class OrderError(Exception):
    """The order could not be changed."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or " ".join((self.__doc__ or "").split()))


class CheckoutKeyReused(OrderError):
    """This checkout was already used for another basket. Open the cart and check out again."""


class NotPayable(OrderError):
    """No card can be charged with this sum. Change what is in the cart."""


class NotPayableNow(OrderError):
    """This order cannot be paid any more."""


class PaymentUnknown(OrderError):
    """The payment provider has not said yet whether the card was charged."""


class PaymentUnavailable(OrderError):
    """Payments do not get through at the moment. Nothing was charged."""

    def __init__(
        self,
        detail: str = "",
        *,
        retry_after: float | None = None,
        answered: bool = False,
        failure_kind: FailureKind = FailureKind.SILENT,
        status: int | None = None,
        kind: str = "",
        code: str = "",
        words: str = "",
        declined: bool = False,
    ) -> None:
        """`status`, `kind`, `code` and `words` are the provider's, and empty where it was not it.

        `declined`: a bank said no to a card, for certain.
        """
        super().__init__(detail)
        self.retry_after, self.answered, self.failure_kind = retry_after, answered, failure_kind
        self.status, self.kind, self.code = status, kind, code
        self.words, self.declined = words, declined


class PaymentRefused(PaymentUnavailable):
    """We cannot take this payment, and the same try again would not help: the fault is ours, not
    your card's. Nothing was charged, and we know of it.
    """
