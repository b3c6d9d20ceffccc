"""What can be wrong with a file of captions."""

from shop.errors import ShopError


class NotCaptions(ShopError):
    """This is no WebVTT file. `line` is where, from 1; 0 where it is about all of it."""

    def __init__(self, detail: str, line: int = 0) -> None:
        self.line = line
        super().__init__(f"Line {line}: {detail}" if line else detail)
