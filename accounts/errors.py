"""What can be wrong with an address."""


class NotAnAddress(ValueError):
    """No mail could be sent there. Its words are shown to whoever wrote it."""
