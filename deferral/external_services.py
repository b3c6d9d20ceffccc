"""The names of external services: each is declared once, so that a typo makes no second breaker.

A breaker, a job and a task's policy know a service by its name alone. Whoever talks to one declares
it beside the code that does, and everybody else takes that constant.
"""

from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured


class ExternalService(str):
    """A name that has been declared."""

    __slots__ = ()


NOBODY = ExternalService()
_DECLARED: dict[str, ExternalService] = {}


def external_service(name: str) -> ExternalService:
    """Declare a service. ImproperlyConfigured where it has been declared already."""
    if name in _DECLARED:
        msg = f"{name!r} is declared already: import that constant"
        raise ImproperlyConfigured(msg)
    return _DECLARED.setdefault(name, ExternalService(name))


@dataclass(frozen=True, slots=True)
class ExternalServices:
    """Services of one kind, whose names are data: what `prefix` stands before is declared.

    Names without a prefix have to be kept apart from those of other services where they are made.
    """

    prefix: str = ""

    def named(self, name: str) -> ExternalService:
        """The service of this name. It need not be declared: its kind is."""
        return ExternalService(f"{self.prefix}{name}")


def declared(name: str) -> ExternalService:
    """The service of this name. ImproperlyConfigured for one that nobody has declared."""
    if isinstance(name, ExternalService):
        return name
    if name not in _DECLARED:
        known = ", ".join(sorted(_DECLARED)) or "none"
        msg = f"there is no external service {name!r}; declared are: {known}"
        raise ImproperlyConfigured(msg)
    return _DECLARED[name]
