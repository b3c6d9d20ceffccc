"""A name in backticks in a docstring or a comment is there: a module, a function, a column."""

import io
import re
import subprocess
import tokenize
from functools import cache
from pathlib import Path

import pytest

from tests.proofs.mutants.copying import TRACKED

ROOT = Path(__file__).resolve().parents[2]
# One word of backticks that can only be a name: it has an underscore or a dot inside.
NAME = re.compile(r"`([a-z]\w*(?:[._]\w+)+)(?:\(\))?`")
OTHERS = {
    "global_keyprefix": "kombu's option",
    "limit_choices_to": "Django's option",
    "worker_shutting_down": "Celery's signal",
}
WORD, ESCAPED = re.compile(r"\w+"), re.compile(r"\\.")
# A string that a statement begins with is its whole: a docstring.
BEFORE = {tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING}
BESIDE = {tokenize.NL, tokenize.COMMENT}


@cache
def tracked() -> tuple[Path, ...]:
    names = subprocess.check_output(TRACKED, cwd=ROOT, text=True).split("\0")  # noqa: S603  git
    return tuple(ROOT / name for name in names if (ROOT / name).is_file())


def sources() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py" and "migrations" not in path.parts]


@cache
def apart(source: str) -> tuple[frozenset[str], frozenset[str]]:
    """Its remarks, each docstring and each comment, and the words of all else: names, SQL, keys.

    It is read once, by its tokens: a tree of all files costs two seconds.
    """
    remarks, words, is_first = set(), set(), True
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT or (token.type == tokenize.STRING and is_first):
            remarks.add(token.string)
        else:
            words.update(WORD.findall(ESCAPED.sub(" ", token.string)))
        if token.type not in BESIDE:
            is_first = token.type in BEFORE
    return frozenset(remarks), frozenset(words)


@cache
def known() -> frozenset[str]:
    code = (word for path in sources() for word in apart(path.read_text())[1])
    places = (part for path in tracked() for part in path.relative_to(ROOT).parts)
    return frozenset([*code, *(piece for place in places for piece in re.findall(r"\w+", place))])


def gone(source: str) -> set[str]:
    """Names that nothing has."""
    names = {name for remark in apart(source)[0] for name in NAME.findall(remark)}
    return {name for name in names - set(OTHERS) if not set(name.split(".")) <= known()}


def test_a_remark_names_nothing_that_is_gone() -> None:
    found = {
        f"{path.relative_to(ROOT)}: {name}" for path in sources() for name in gone(path.read_text())
    }

    assert found == set()


@pytest.mark.parametrize(
    "name", ["breaker_" + "laws", "models." + "Parc" + "ell", "call_" + "me()"]
)
def test_a_name_of_nothing_is_found(name: str) -> None:
    assert gone(f'"""See `{name}`."""')
    assert gone(f"x = 1  # as `{name}` does")


def test_names_that_are_there_are_not_found() -> None:
    assert gone('"""`order_paid`, `external.rules`, `tests/docs`, `a.b = c`."""') == set()
