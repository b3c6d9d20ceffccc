"""What a notice of a provider means, whichever provider's it is."""

from dataclasses import dataclass
from enum import StrEnum


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
    """`key` is our own name for the mail; empty for one that has none."""

    meaning: Meaning
    key: str
