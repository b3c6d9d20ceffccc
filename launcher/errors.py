"""Why the stack does not start, or why it ended."""


class Refused(Exception):
    """Nothing was started; the message says what to change."""


class StackFailed(Exception):
    """Something that was started cannot go on; the message holds the reason and where to read."""
