"""Why a review is not taken. The docstring is what the customer reads."""


class ReviewNotTaken(Exception):
    """This cannot be reviewed."""

    def __init__(self, words: str = "") -> None:
        super().__init__(words or (self.__doc__ or "").strip())


class ChangedMeanwhile(ReviewNotTaken):
    """It was changed elsewhere since this page was opened: look at it once more, and save again."""


class AlreadyDecided(ReviewNotTaken):
    """We have decided about it meanwhile, so it cannot be changed any more."""


class TooManyPhotos(ReviewNotTaken):
    """A review has at most four photos. Take one away first."""
