"""Every address that the shop answers, with holes where names go."""

import re
from collections.abc import Iterator
from urllib.parse import quote

from django.urls import URLPattern, URLResolver, get_resolver

HOLE = re.compile(r"<(?:(?P<kind>\w+):)?\w+>")


def addresses() -> list[str]:
    """As their patterns are written: `orders/<slug:number>/`."""
    return sorted(set(_routes(get_resolver().url_patterns, "")))


def filled(address: str, word: str) -> str:
    """The address with this word in every hole."""
    return "/" + HOLE.sub(lambda hole: quote(_fitting(hole["kind"], word), safe=""), address)


def _fitting(kind: str | None, word: str) -> str:
    """Numbers where only numbers lead on, so that what is behind the converter is reached too."""
    if kind == "int":
        return word if word.isdecimal() else str(2**63 + len(word))
    return word or "-"


def _routes(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[str]:
    for each in patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _routes(each.url_patterns, route)
        elif "(?P" not in route:  # the admin's catch-all
            yield route
