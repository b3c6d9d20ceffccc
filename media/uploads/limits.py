"""How much may be on its way at once."""

from datetime import timedelta

from media.limits import MEGABYTE

# Bytes of one part, as the page sends them: so much is sent again after a line broke.
PART = 4 * 1_048_576
# Unfinished uploads of one person.
MOST_OF_ONE = 5
# Bytes of all unfinished uploads together, and of the disk that they leave to others.
MOST_TOGETHER, SPARE = 20_000 * MEGABYTE, 1_000 * MEGABYTE
# Bytes that one has for itself before they arrive. Were it the whole size, ten files of which
# nobody sends a byte would shut out everybody for days.
RESERVED = 64 * MEGABYTE
# After its last part an unfinished one is kept for so long, and so is the row of one that is over:
# longer than a signed address lets anybody write.
KEPT = timedelta(days=2)
# In which one person may begin so many; what is over is kept for longer, so it can be counted.
A_DAY = timedelta(days=1)
# One that is whole waits for its job for as long as that lives; a dead letter's is kept so long.
KEPT_WHOLE = timedelta(days=30)
