"""What no process may start with. Each rule's docstring is the sentence a person then reads."""

from config.contradictions import addresses, caches, files, films, keys, mail, payments, site
from config.contradictions.addresses import SERVICES
from config.contradictions.rules import RULES, Rule

__all__ = [
    "RULES",
    "SERVICES",
    "Rule",
    "addresses",
    "caches",
    "files",
    "films",
    "keys",
    "mail",
    "payments",
    "site",
]
