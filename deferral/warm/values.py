"""What values there are, and how old each may be."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured

Build = Callable[[str], Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Warm:
    """One kind of value. `build(of)` makes that of one thing, as JSON: everybody gets it, so it is
    given no request. Times in seconds.

    fresh     served without another thought
    usable    stale from then on, served all the same; older it is as good as none
    task      the deferred task that rebuilds it: `name`, `of` and `replaces` are its arguments. "":
              cheap enough that the one reader who would order a rebuild makes it
    always    those that the schedule keeps warm
    """

    name: str
    build: Build
    fresh: float
    usable: float
    task: str = ""
    always: tuple[str, ...] = ()


VALUES: dict[str, Warm] = {}


def warm_value(
    name: str, *, fresh: float, usable: float, task: str = "", always: tuple[str, ...] = ()
) -> Callable[[Build], Warm]:
    """Make a function the way to build a value. See `Warm`. ImproperlyConfigured for a name that
    is taken, and for times that would keep nothing.
    """
    if not 1 <= fresh <= usable:
        msg = f"{name}: fresh for {fresh} s and usable for {usable} s"
        raise ImproperlyConfigured(msg)

    def register(build: Build) -> Warm:
        if name in VALUES:
            msg = f"{name}: two values have this name"
            raise ImproperlyConfigured(msg)
        found = Warm(name=name, build=build, fresh=fresh, usable=usable, task=task, always=always)
        return VALUES.setdefault(name, found)

    return register
