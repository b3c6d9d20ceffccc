"""Nothing is named by a word that the field has a better one for (docs/glossary.md has ours).

`NAMES` are looked for in names alone: in prose they are plain English. `ANYWHERE` are looked for in
every text of the project. A name is taken apart at its underscores and capitals.
"""

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLACES = (
    "accounts", "audit", "config", "contact", "deferral", "deploy", "docs", "launcher", "media",
    "notifications", "orders", "reports", "reviews", "sandbox", "shop", "tests", "webhooks",
)  # fmt: skip

ANYWHERE = {
    "lane": "queue", "lanes": "queues", "stranger": "external service",
    "strangers": "external services", "desk": "admin", "upkeep": "expiry",
    "allowance": "rate limit", "allowances": "rate limits",
}  # fmt: skip
NAMES = ANYWHERE | {
    "serial": "ordering key", "presence": "liveness", "relief": "shedding", "forcing": "override",
    "forced": "override", "yielding": "low priority", "trouble": "failure kind",
    "troubles": "failure kinds", "wish": "retry after", "heard": "observed", "owed": "missed",
    "figures": "statistics", "markup": "formatting", "standing": "status", "sheets": "pages",
    "letter": "message", "letters": "messages", "till": "payment objects", "gate": "faults",
    "postman": "notifier", "street": "scenario", "detours": "scenarios",
}  # fmt: skip

# Part of a path, the word, and why it may stand there.
EXEMPT = (
    ("tests/docs/test_old_words.py", "", "names them all"),
    ("tests/config/test_environment.py", "yielding", "a variable by its old name"),
    ("deferral/text/", "letter", "a letter of the alphabet"),
    ("shop/art/", "letter", "a letter of the alphabet"),
    ("shop/art/", "letters", "letters of the alphabet"),
    ("shop/selectors.py", "letters", "letters of the alphabet"),
    ("tests/proofs/", "owed", "what an order owes, no missed delivery"),
    ("tests/rig/", "owed", "what an order owes, no missed delivery"),
    ("tests/bench/", "owed", "what an order owes, no missed delivery"),
    ("deferral/broker/envelopes.py", "letter", "a letter of the alphabet"),
    ("orders/", "street", "a part of an address"),
    ("shop/", "street", "a part of an address"),
    ("tests/orders/", "street", "a part of an address"),
    ("tests/shop/", "street", "a part of an address"),
)
# `dead_letter` is the field's own word.
DEAD = re.compile(r"dead_?letters?", re.IGNORECASE)
PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
NAME = re.compile(r"[A-Za-z_]\w*")
IN_TEMPLATE = re.compile(r"\{[{%].*?[%}]\}|\b(?:class|id)=\"[^\"]*\"", re.DOTALL)


def files(*places: str, kinds: tuple[str, ...]) -> list[Path]:
    """The project's own texts of these kinds."""
    found = (path for place in places for kind in kinds for path in (ROOT / place).rglob(kind))
    return sorted(path for path in found if "vendor" not in path.parts)


def names_in(path: Path) -> Iterator[str]:
    """What code calls things; of a template its variables and its styles' names."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        for piece in IN_TEMPLATE.findall(text):
            yield from NAME.findall(piece)
        return
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.NAME:
            yield token.string


def is_exempt(path: Path, word: str) -> bool:
    """Whether a reason is given for it."""
    place = path.relative_to(ROOT).as_posix()
    return any(place.startswith(part) and which in {"", word} for part, which, _ in EXEMPT)


def old(names: Iterator[str]) -> set[tuple[str, str]]:
    """Each name that is made of an old word, and the word."""
    parts = ((name, part.lower()) for name in names for part in PART.findall(DEAD.sub("", name)))
    return {(name, part) for name, part in parts if part in NAMES}


@pytest.mark.parametrize("place", PLACES)
def test_no_name_is_made_of_an_old_word(place: str) -> None:
    found = {
        f"{path.relative_to(ROOT)}: {name} ({NAMES[word]})"
        for path in files(place, kinds=("*.py", "*.html"))
        for name, word in old(names_in(path))
        if not is_exempt(path, word)
    }

    assert found == set()


def test_no_sentence_has_a_word_that_is_only_ours() -> None:
    words = re.compile(rf"\b({'|'.join(ANYWHERE)})\b", re.IGNORECASE)
    kinds = ("*.py", "*.html", "*.md", "*.css", "*.yml", "*.sql")
    texts = [*files(*PLACES, kinds=kinds), *ROOT.glob("*.md")]
    found = {
        f"{path.relative_to(ROOT)}: {word} ({ANYWHERE[word.lower()]})"
        for path in texts
        if path.name != "CHANGELOG.md"
        for word in words.findall(path.read_text(encoding="utf-8"))
        if not is_exempt(path, word.lower())
    }

    assert found == set()


def test_an_old_word_is_found_in_whatever_case() -> None:
    names = iter(["lane_of", "TheStranger", "DESK", "a_dead_letter", "planes", "DeadLetters"])

    assert {word for _, word in old(names)} == {"lane", "stranger", "desk"}
