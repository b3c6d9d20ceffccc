"""Why a notice is refused. The docstring is what its sender is told."""


class NoticeRefused(Exception):
    """This notice is not taken."""

    def __init__(self) -> None:
        super().__init__(" ".join((self.__doc__ or "").split()))


class NoticeForged(NoticeRefused):
    """This notice is not signed by its sender, or too long ago."""


class NoticeNotUnderstood(NoticeRefused):
    """This notice is signed, and cannot be understood."""


class NoticeTooLarge(NoticeRefused):
    """This notice is too large."""
