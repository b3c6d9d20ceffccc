"""Markup that is made for nobody in particular.

Templates are given a stand-in for the request which knows a visitor's address and nothing else: one
that asks it for anything more, a login or a cookie, fails when the markup is made, and so in every
test. In the place of what is the visitor's own stand two random words, new with each making, so
that nobody can write them into a product's title.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString


class AsksForSomebody(RuntimeError):
    """A template that is shared by everybody wants to know who reads it."""


@dataclass
class Anybody:
    """In the place of the request. `asked` is what was wanted of it beyond the address: some of
    Django's tags go on after any error.
    """

    path: str
    asked: list[str] = field(default_factory=list)

    def get_full_path(self) -> str:
        """A word, for which the visitor's address is put in."""
        return self.path

    def __getitem__(self, name: str) -> Any:
        """Templates try this first, whatever they want."""
        if name == "get_full_path":
            raise KeyError(name)
        self.asked.append(name)
        raise AsksForSomebody(name)

    def __getattr__(self, name: str) -> Any:
        self.asked.append(name)
        raise AsksForSomebody(name)


@dataclass(frozen=True, slots=True)
class Words:
    """What stands for the visitor's own: for the token of their forms, and for their address."""

    token: str = field(default_factory=lambda: secrets.token_hex(16))
    path: str = field(default_factory=lambda: secrets.token_hex(16))

    def render(self, template: str, **context: Any) -> str:
        """For anybody. AsksForSomebody."""
        return self.render_with(partial(render_to_string, template), **context)

    def render_with(self, render: Callable[[dict[str, Any]], str], **context: Any) -> str:
        """The same by whatever renders a context."""
        reader = Anybody(self.path)
        found = render({**context, "csrf_token": self.token, "request": reader})
        if reader.asked:
            raise AsksForSomebody(", ".join(reader.asked))
        return found

    def shown_to(self, request: HttpRequest, html: str) -> SafeString:
        """With what is the visitor's own. The address stands in it as in an attribute."""
        if self.token in html:
            html = html.replace(self.token, get_token(request))
        return SafeString(html.replace(self.path, escape(request.get_full_path())))
