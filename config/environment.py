"""Where settings come from: variables, and files named by variables. Each is read with a type.

What cannot be right is kept in PROBLEMS, a sentence that names the variable, and the default stands
in its place until `config.production` has told all of them and ended the process.
"""

import builtins
from collections.abc import Callable, Collection
from typing import Any
from urllib.parse import urlsplit

import environ

from config.texts import WEB, is_address, whole
from config.variables import Variables

PROBLEMS: dict[str, str] = {}
YES, NO = {"true", "on", "yes", "y", "1", "ok"}, {"false", "off", "no", "n", "0"}
SHOWN = 60  # letters of what was wrong


class Environment:
    """A method for each type; an empty variable counts as unset, but for plain texts."""

    ENVIRON = Variables(cache=False)

    def __call__(self, name: str, *, default: Any = "") -> Any:
        """A text on one line: nothing of ours has room for two, and a header would be ended."""
        try:
            text = self.ENVIRON[name]
        except KeyError:
            return default
        if text.isprintable():
            return text
        return self._wrong(name, "one line, without control characters", default=default)

    def checked(self, name: str, *, default: Any, fits: Callable[[str], Any], what: str) -> Any:
        """A text for which `fits` neither raises nor is false; `what` says what that is."""
        text = self(name, default="")
        if not text:
            return default
        try:
            return text if fits(text) else self._wrong(name, what, text, default=default)
        except (ValueError, ImportError, OSError, KeyError):
            return self._wrong(name, what, text, default=default)

    def choice(self, name: str, *, default: str, choices: Collection[str]) -> str:
        """One of a few words."""
        what = f"one of {', '.join(sorted(choices))}"
        return str(self.checked(name, default=default, fits=choices.__contains__, what=what))

    def bool(self, name: str, *, default: builtins.bool) -> builtins.bool:
        """Yes or no in the usual words, and not "no" for every other."""
        known = YES | NO
        text = self.checked(
            name, default="", fits=lambda word: word.lower() in known, what="true or false"
        )
        return text.lower() in YES if text else default

    def int(
        self,
        name: str,
        *,
        default: builtins.int,
        least: builtins.int = 0,
        most: builtins.int = 10**9,
    ) -> builtins.int:
        """A whole number within its bounds."""
        what = f"a whole number from {least} to {most}"
        found = self.checked(
            name, default=default, fits=lambda text: least <= whole(text) <= most, what=what
        )
        return builtins.int(found)

    def float(
        self,
        name: str,
        *,
        default: builtins.float,
        least: builtins.float = 0.0,
        most: builtins.float = 86_400.0,
    ) -> builtins.float:
        """A number within its bounds; never NaN."""
        what = f"a number from {least:g} to {most:g}"
        found = self.checked(
            name,
            default=default,
            fits=lambda text: least <= builtins.float(text) <= most,
            what=what,
        )
        return builtins.float(found)

    def list(
        self,
        name: str,
        *,
        default: Collection[str],
        fits: Callable[[str], Any] = len,
        what: str = "a list separated by commas",
    ) -> builtins.list[str]:
        """Texts between commas, empty ones left out. Set to nothing, there are none."""
        text = self(name, default=None)
        if text is None:
            return builtins.list(default)
        found = [each.strip() for each in text.split(",") if each.strip()]
        try:
            fine = all(fits(each) for each in found)
        except (ValueError, ImportError):
            fine = False
        return found if fine else self._wrong(name, what, text, default=builtins.list(default))

    def address(self, name: str, *, default: str, schemes: Collection[str] = WEB) -> str:
        """`scheme://host[:port][/path]`, without a slash at its end; what follows is appended.

        Set to nothing it is nothing: `config.contradictions` says which may be.
        """
        if not self(name, default=default):
            return ""
        what = f"an address such as {next(iter(schemes))}://name/path, without ? and #"
        found = self.checked(
            name, default=default, fits=lambda text: is_address(text, schemes), what=what
        )
        return str(found).rstrip("/")

    def endpoint(self, name: str, *, default: str) -> str:
        """An address that is called as it is, with a slash or a query at its end. Or nothing."""
        if not self(name, default=default):
            return ""
        what = "an address such as https://name/path?query"
        return str(self.checked(name, default=default, fits=_is_endpoint, what=what))

    def broker_url(self, name: str, *, default: str) -> str:
        """Any scheme: `config.contradictions` knows them. It may hold a password: not shown."""
        text = str(self(name, default="")) or default
        try:
            urlsplit(text).port  # noqa: B018  raises
        except ValueError:
            return str(self._wrong(name, "an address such as redis://host:6379/0", default=default))
        return text

    def db_url(self, name: str, *, default: str) -> dict[str, Any]:
        """PostgreSQL's address, as Django wants it. It may hold a password: it is not shown."""
        text = self(name, default=default) or default
        try:
            if urlsplit(text).scheme in environ.Env.DB_SCHEMES:
                return dict(environ.Env.db_url_config(text))
        except (ValueError, KeyError, environ.ImproperlyConfigured):
            pass
        what = "an address such as postgresql://user@host:5432/database"
        return dict(self._wrong(name, what, default=environ.Env.db_url_config(default)))

    def renamed(self, old: str, new: str) -> None:
        """Nothing is silently left out: who sets the old name is told the new one."""
        self.retired(old, f"is called {new} now.")

    def retired(self, old: str, what: str) -> None:
        """The same where nothing has simply taken its place: `what` says how it is now."""
        if self(old):
            PROBLEMS[old] = f"{old} {what}"

    @staticmethod
    def _wrong(name: str, what: str, text: str | None = None, *, default: Any) -> Any:
        told = "" if text is None else f", not {text[:SHOWN]!r}"
        PROBLEMS[name] = f"{name} must be {what}{told}."
        return default


def _is_endpoint(text: str) -> builtins.bool:
    place, _, query = text.partition("?")
    return is_address(place, WEB) and query.isascii() and " " not in query and "#" not in query


env = Environment()
