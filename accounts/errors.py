"""What can be wrong with an address, or with a login. The words are shown to whoever caused it."""


class NotAnAddress(ValueError):
    """No mail could be sent there."""


class LinkOver(Exception):
    """This link lets nobody in here: it was used, is older than a quarter of an hour, followed by a
    newer one, or asked for in another browser.
    """


class WrongCode(Exception):
    """That is not the code. `left`: how many more may be tried, 0 of a request that is over."""

    def __init__(self, left: int) -> None:
        self.left = left
        super().__init__(f"wrong code, {left} left")
