"""What uploads are for. An app above says it once; nothing here knows a product or a review.

@purpose("product_film", may=may_change)
def attach(asset: Asset, *, subject: str) -> None: ...
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from django.core import signing
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

from media.large_bodies import KEPT
from media.limits import LONGEST, MOST_BYTES
from media.models import Asset
from media.uploads.errors import NotYours

SALT = "media.uploads"
May = Callable[[HttpRequest, str], bool]
By = Callable[[HttpRequest, str], str]


class Attach(Protocol):
    """Writes the row that shows the asset, in the caller's transaction. SubjectGone."""

    def __call__(self, asset: Asset, *, subject: str) -> None:
        """Once for each upload."""


def user(request: HttpRequest, _subject: str) -> str:
    """Whoever is signed in."""
    return request.user.get_username()


def nothing(_request: HttpRequest, _subject: str) -> str:
    """Whoever is let in by a cookie needs no more."""
    return ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How much of a purpose is taken; without any it is as much as of whatever kind.

    `most`: bytes of one; `longest`: seconds of a film; `a_day`: how many one person may begin in
    24 hours, 0 for any number. `is_shed`: none is begun while the queue that makes them is red.
    """

    most: int = 0
    longest: int = LONGEST
    a_day: int = 0
    is_shed: bool = False


NO_MORE_THAN_ANY = Limits()


@dataclass(frozen=True, kw_only=True, slots=True)
class Purpose:
    """`may` is asked at every request, `by` says whose upload it is; "" is nobody, who may not.
    `query` is what an address needs so that its visitor is let in again, such as `?token=…`.
    """

    name: str
    attach: Attach
    may: May
    by: By
    query: By
    kinds: tuple[Asset.Kind, ...]
    verdict: Asset.Verdict
    limits: Limits

    @property
    def most(self) -> int:
        """Bytes of the largest that is taken."""
        return self.limits.most or max(MOST_BYTES[kind] for kind in self.kinds)


PURPOSES: dict[str, Purpose] = {}


def purpose(
    name: str,
    *,
    may: May,
    by: By = user,
    query: By = nothing,
    kinds: tuple[Asset.Kind, ...] = (Asset.Kind.FILM,),
    verdict: Asset.Verdict = Asset.Verdict.UNSEEN,
    limits: Limits = NO_MORE_THAN_ANY,
) -> Callable[[Attach], Attach]:
    """Declare it, around the function that attaches. ImproperlyConfigured for a name twice."""

    def declared(attach: Attach) -> Attach:
        if name in PURPOSES:
            msg = f"the purpose {name!r} is declared already"
            raise ImproperlyConfigured(msg)
        PURPOSES[name] = Purpose(
            name=name,
            attach=attach,
            may=may,
            by=by,
            query=query,
            kinds=kinds,
            verdict=verdict,
            limits=limits,
        )
        return attach

    return declared


def ticket(name: str, subject: str, *, back: str) -> str:
    """What a page gives its form: for what it sends, and where a person goes on afterwards."""
    return signing.dumps([name, subject, back], salt=SALT)


def opened(said: str) -> tuple[Purpose, str, str]:
    """Purpose, subject and way back. NotYours for what we have not signed, or long ago."""
    try:
        name, subject, back = signing.loads(said, salt=SALT, max_age=KEPT)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise NotYours from error
    if name not in PURPOSES:
        raise NotYours
    return PURPOSES[name], subject, back


def owner(purpose: Purpose, request: HttpRequest, subject: str) -> str:
    """Whose it would be, also of who may not send any more: what is theirs they may take away."""
    return purpose.by(request, subject)


def sender(purpose: Purpose, request: HttpRequest, subject: str) -> str:
    """Who sends it. NotYours for who may not."""
    if not purpose.may(request, subject):
        raise NotYours
    if by := purpose.by(request, subject):
        return by
    raise NotYours
