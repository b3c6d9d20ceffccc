"""A name in backticks in a docstring or a comment is there: a module, a function, a column."""

import ast
import io
import re
import subprocess
import tokenize
from collections.abc import Iterator
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
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


@cache
def tracked() -> tuple[Path, ...]:
    names = subprocess.check_output(TRACKED, cwd=ROOT, text=True).split("\0")  # noqa: S603  git
    return tuple(ROOT / name for name in names if (ROOT / name).is_file())


def sources() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py" and "migrations" not in path.parts]


def has_docstring(node: ast.AST) -> bool:
    return isinstance(node, DOCUMENTED) and ast.get_docstring(node) is not None


def remarks(source: str) -> Iterator[str]:
    """The text of every docstring and every comment."""
    for node in ast.walk(ast.parse(source)):
        if has_docstring(node):
            yield ast.get_docstring(node) or ""  # type: ignore[arg-type]
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.string


def words(source: str) -> Iterator[str]:
    """Names in code, and words in its strings: SQL, templates' contexts, keys."""
    tree = ast.parse(source)
    docstrings = {id(node.body[0].value) for node in ast.walk(tree) if has_docstring(node)}  # type: ignore[attr-defined]
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in docstrings:
            yield from re.findall(r"\w+", node.value)  # type: ignore[attr-defined]
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NAME:
            yield token.string


@cache
def known() -> frozenset[str]:
    code = (word for path in sources() for word in words(path.read_text()))
    places = (part for path in tracked() for part in path.relative_to(ROOT).parts)
    return frozenset([*code, *(piece for place in places for piece in re.findall(r"\w+", place))])


def gone(source: str) -> set[str]:
    """Names that nothing has."""
    names = {name for remark in remarks(source) for name in NAME.findall(remark)}
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
