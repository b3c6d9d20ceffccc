"""What may differ between our books and the provider's."""

from dataclasses import dataclass

UNKNOWN_HERE = "captured there, unknown here"
NOT_RECORDED = "captured there, not recorded here"
NOT_THERE = "captured here, not there"
OTHER_AMOUNT = "another amount"
REFUNDED_THERE = "more given back there than here"
REFUNDED_HERE = "more given back here than there"
DISPUTED = "disputed there"
REFUND_STANDS_OTHERWISE = "a refund that stands otherwise there"
REFUND_NOT_THERE = "a refund here, not there"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One payment about which the books differ. Amounts in cents; None where there is no entry."""

    what: str
    ref: str
    order: str
    ours: int | None = None
    theirs: int | None = None
