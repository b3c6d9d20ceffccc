"""What can be wrong with a file. The docstring is what a person reads in the dead letters."""

from deferral.errors import Bury


class FileDamaged(Bury):
    """What is stored under this name is not what was written, in any storage that was asked."""

    def __init__(self, name: str, found: str) -> None:
        told = (self.__doc__ or "").strip()
        super().__init__(f"{name} {found}: {told}", cause=f"a stored file is damaged: {told}")


class TooManyUnneeded(Bury):
    """More of our files have no row than have one. That is no waste: is this another's bucket?"""

    def __init__(self, unneeded: int, needed: int) -> None:
        told = (self.__doc__ or "").strip()
        super().__init__(f"{unneeded} without a row, {needed} with one. {told}", cause=told)


class FileForgotten(FileNotFoundError):
    """It was deleted on purpose, and its row says when."""


class NotAccepted(Bury):
    """What somebody has uploaded is not taken. Its words are shown to them."""
