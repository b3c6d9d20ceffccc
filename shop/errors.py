"""What can be wrong with a basket or with stock. The message is what the customer reads."""


class ShopError(Exception):
    """The shop could not do what was asked."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or " ".join((self.__doc__ or "").split()))


class OutOfStock(ShopError):
    """Somebody was quicker. Names the product, and how many are `left` of it."""

    def __init__(self, *, title: str, left: int) -> None:
        self.title, self.left = title, left
        super().__init__(f"{title} is sold out." if not left else f"Only {left} of {title} left.")


class PriceChanged(ShopError):
    """A price or your cart has changed since you opened this page. Please look at it again."""


class TooBusy(ShopError):
    """We could not set your goods aside just now, because something in your cart is in use at this
    moment. Nothing was ordered and nothing was charged. Please press the button again.
    """

    def __init__(self, *held: str) -> None:
        """`held`: the products that were waited for in vain, where that is known."""
        super().__init__()
        self.held = frozenset(held)


class NotCounted(ShopError):
    """This never runs out: it has no count."""


class TooMany(ShopError):
    """There would be more of it than we count."""


class CountedMeanwhile(ShopError):
    """Somebody has changed this product since the page was opened. Please look at it again."""


class NoRoom(ShopError):
    """This product has as many pictures as it may have. Take one away first."""


class PictureGone(ShopError):
    """That picture is not there any more."""


class FilmGone(ShopError):
    """That film, or its product, is not there any more."""


class NoFilm(ShopError):
    """This is no film."""
