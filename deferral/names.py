"""Names that stand for one thing for ever.

A row number is unique within one life of one database: after a backup is put back the sequence
gives it again, and a second database beside the first gives it too. So every name that goes out
(a job's key, a code, what a partner finds us by) holds something random of its subject,
made when that was made. Not a secret: whoever has the name has all of it.
"""

import secrets

# Crockford's base 32 in small letters: no i, l, o or u to be misread.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 8


def new_tag() -> str:
    """40 random bits as `7kq2m9xv`, to stand beside a name that people read.

    Two things that share the readable part (one order number, in two lives of a database) share
    the tag too once in 10^12.
    """
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
