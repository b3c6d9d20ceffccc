"""What may be kept of others' words: in a row, in a log, on a page.

Every text of an external service's passes here, so its cost is bounded: cut first, then matched by
patterns whose work grows with the text's length and no faster
(`tests/proofs/hostile/test_patterns.py`).
"""

import re

from deferral.text.foreign import harmless

# Letters. Longer than any traceback or answer that somebody reads.
MOST = 65_536
CUT = " [cut]"
# What the patterns below are made of. Where a text is cut, an unfinished secret may stand.
UNFINISHED = re.compile(r"[\w.+/=@ -]*+")

# Begun at the beginning of a run of letters only: begun at each word of it, a run without an @
# would be read once for each.
MAIL_ADDRESS = re.compile(r"(?<![\w.+-])([\w.+-])[\w.+-]*+@((?:[\w-]++\.)+\w++)")
# With its country's prefix, as it goes over the wire and as people group it (E.164: 15 digits).
TELEPHONE = re.compile(r"(?<![\w+])\+\d(?:[ -]?\d){7,14}(?![\w-])")

SECRETS = (
    (re.compile(r"\b(whsec_|[rs]k_(?:test|live)_|Bearer |token=)[\w.+/=-]+"), r"\1[redacted]"),
    # Signed links in an address's path: consent to a newsletter, its end, a login, an order.
    (re.compile(r"(/newsletter/(?:confirm|leave)/)[\w:.=-]+"), r"\1[redacted]"),
    (re.compile(r"(/(?:login/link|orders/found)/)[\w-]+"), r"\1[redacted]"),
    # Of a payment, in the address that a bank sends its customer back to.
    (re.compile(r"(client_secret=)[\w.+/=-]+"), r"\1[redacted]"),
    (TELEPHONE, "[telephone]"),
    # Skip UUIDs: one in a thousand looks like a card number.
    (re.compile(r"(?<![\w-])\d(?:[ -]?\d){12,18}(?![\w-])"), "[number]"),
    (MAIL_ADDRESS, r"\1***@\2"),
)


def storable(text: str, *, most: int = MOST) -> str:
    """The text as `foreign` makes it fit for a row, and without what nobody shall read there.

    That is keys, tokens, card and telephone numbers, whole mail addresses. Cut to `most` letters
    before anything is looked for.
    """
    text = _cut(text, most)
    for pattern, instead in SECRETS:
        text = pattern.sub(instead, text)
    return harmless(text)


def _cut(text: str, most: int) -> str:
    """At the end of what may be a secret, so that no half of one is kept."""
    if len(text) <= most:
        return text
    kept = text[:most]
    unfinished = UNFINISHED.match(kept[::-1])
    return kept[: most - len(unfinished[0] if unfinished else "")] + CUT
