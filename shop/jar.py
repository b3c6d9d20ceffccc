"""What a visitor's browser keeps for us, each thing in a cookie of its own.

Two tabs ask at the same time, and each answer was worked out from the cookies of its own request.
Where all is kept in one cookie, the answer that comes last writes over what the other one changed.
With a cookie for each thing an answer writes what it has changed, and nothing else.

Not for secrets: whoever has the browser reads it. What has to be believed is signed by its writer.
"""

from collections.abc import Callable, Iterator, Mapping
from urllib.parse import quote, unquote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

Answer = Callable[[HttpRequest], HttpResponse]

HERE = "shop.jar"
TWO_WEEKS = 14 * 86_400


class Jar:
    """Cookies as they came, with what has changed since. `kind` and `name` make one of them."""

    def __init__(self, cookies: Mapping[str, str]) -> None:
        self._came = cookies
        self._changed: dict[str, tuple[str, int]] = {}

    def get(self, kind: str, name: str) -> str:
        """What is kept under it; empty when nothing is."""
        cookie = cookie_name(kind, name)
        changed = self._changed.get(cookie)
        return changed[0] if changed else self._came.get(cookie, "")

    def all(self, kind: str) -> Iterator[tuple[str, str]]:
        """Name and value of all that is kept of this kind."""
        for cookie in dict.fromkeys([*self._came, *self._changed]):
            if cookie.startswith(f"{kind}-"):
                name = unquote(cookie.removeprefix(f"{kind}-"))
                value = self.get(kind, name)
                if value and name.isprintable():  # a NUL would stop at the database
                    yield name, value

    def put(self, kind: str, name: str, value: str, *, seconds: int = TWO_WEEKS) -> None:
        """Keep it for so long. A value is ASCII, without blanks, commas, quotes or semicolons."""
        self._changed[cookie_name(kind, name)] = (value, seconds)

    def drop(self, kind: str, name: str) -> None:
        """Keep it no longer."""
        self.put(kind, name, "", seconds=0)

    def write(self, response: HttpResponse) -> None:
        """Tell the browser what has changed, and nothing else."""
        for cookie, (value, seconds) in self._changed.items():
            response.set_cookie(
                cookie,
                value,
                max_age=seconds,
                secure=settings.HTTPS,
                httponly=True,
                samesite="Lax",
            )


def jar_of(request: HttpRequest) -> Jar:
    """The one jar of this request."""
    jar: Jar = request.META.setdefault(HERE, Jar(request.COOKIES))
    return jar


def cookie_name(kind: str, name: str) -> str:
    """`cart-HO-001`. What no cookie may be called is written as %20."""
    return f"{kind}-{quote(name, safe='')}"


class KeepJar:
    """Writes what a view has changed into its answer."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, with the cookies that have changed. Who looked into the jar varies by it."""
        response = self.get_response(request)
        if HERE in request.META:
            jar_of(request).write(response)
            patch_vary_headers(response, ["Cookie"])
        return response
