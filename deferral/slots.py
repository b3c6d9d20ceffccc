"""A place that an app offers, and that the apps above it fill while they are loaded.

So an app shows, asks or lists what it has never heard of, and names nobody above it: it states the
type of a part, and reads whatever parts there are. An app that is not installed leaves its parts
out. Not for what happens: that is an event, and who reacts is a handler.

What an app puts into the slots of others stands in its `contributions` module, which is loaded as
`tasks` and `handlers` are; what it puts into the admin, in its `admin`.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from django.core.exceptions import ImproperlyConfigured

Part = TypeVar("Part")


class Slot(Mapping[str, Part]):
    """Parts by name, in the order in which they came. `what` is what an error calls one of them."""

    def __init__(self, what: str, /, **own: Part) -> None:
        self.what = what
        self._parts = dict(own)

    def fill(self, name: str, part: Part) -> None:
        """Add a part. ImproperlyConfigured when the name is taken: of two, nobody knows which."""
        if name in self._parts:
            msg = f"{self.what} {name!r}: two apps say what it is"
            raise ImproperlyConfigured(msg)
        self._parts[name] = part

    def __getitem__(self, name: str) -> Part:
        return self._parts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)


def name_of(function: Callable[..., Any]) -> str:
    """The name under which a part stands that is known by its function alone."""
    return f"{function.__module__}.{function.__qualname__}"
