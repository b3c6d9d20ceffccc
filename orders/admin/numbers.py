"""An order's number as people type it."""

import re

from deferral.text.composing import composed

# `10052`, `#10052`, `h-10052`, `H 10052`; and the reference that others know it by.
TYPED = re.compile(r"#?\s{0,3}(?:H[\s-]{0,3})?(\d{1,18})(-[0-9a-z]{4,20})?", re.IGNORECASE)


def number_in(words: str) -> str:
    """`H-10052`; nothing for other words."""
    found = TYPED.fullmatch(composed(words, "NFKC"))
    return f"H-{int(found[1])}" if found else ""
