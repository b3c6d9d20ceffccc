"""What a notice of a provider means, whichever provider's it is."""

from dataclasses import dataclass
from enum import StrEnum

# Under which the number of the attempt is kept with a mail, beside its own name.
ATTEMPT = "attempt"


class Meaning(StrEnum):
    """TAKEN: the provider has it, whatever became of it. GONE: there is no such mailbox.

    REFUSED: the provider, or a filter, has thrown it away. UNWANTED: its reader wants no more.
    """

    TAKEN = "taken"
    GONE = "gone"
    REFUSED = "refused"
    UNWANTED = "unwanted"


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """`key` is our own name for the mail; empty for one that has none.

    `attempt`: which time it was handed over; 1 for a mail that does not say.
    """

    meaning: Meaning
    key: str
    attempt: int = 1
