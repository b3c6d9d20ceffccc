"""What is being done now, on standard error: the tables alone go to standard output."""

import sys
import time

BEGAN = time.monotonic()


def say(what: str) -> None:
    """One line, with the minutes and seconds since the start."""
    minutes, seconds = divmod(int(time.monotonic() - BEGAN), 60)
    sys.stderr.write(f"{minutes:2d}:{seconds:02d}  {what}\n")
    sys.stderr.flush()
