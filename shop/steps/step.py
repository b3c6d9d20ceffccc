"""One line of the page on which a customer watches their order."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One line of the page. `aside` is a time or a count.

    `links` lead to what was made; `button`, when all of it is, to the whole. What `takes_days` is
    not worth a look each second.
    """

    slug: str
    title: str
    state: str
    note: str = ""
    aside: str = ""
    links: tuple[tuple[str, str], ...] = ()
    button: tuple[str, str] | None = None
    takes_days: bool = False
