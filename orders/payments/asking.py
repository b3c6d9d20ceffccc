"""Whatever is asked of the provider: under its breaker, and with no connection held meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager

from deferral.external.breakers import Call, calling
from deferral.external.long_calls import before_long_call
from orders.errors import PaymentUnavailable
from orders.payments.provider.gateway import PROVIDER


@contextmanager
def asking_provider() -> Iterator[Call]:
    """Around everything asked of the provider: its breaker hears what came of it.

    In the web no connection waits meanwhile.
    """
    with calling(PROVIDER) as call:
        before_long_call()
        try:
            yield call
        except PaymentUnavailable as error:
            tell_breaker(call, error)
            raise


def tell_breaker(call: Call, failure: PaymentUnavailable) -> None:
    """What there was to hear."""
    if failure.retry_after is not None:
        call.busy(str(failure), seconds=failure.retry_after)
    elif failure.answered:
        call.answered()
    else:
        call.failed(str(failure), failure.failure_kind)
