"""Every variable that the settings read, found in the code that reads them."""

import ast
from collections.abc import Iterator
from pathlib import Path

CONFIG = Path(__file__).resolve().parents[2] / "config"
# Old names, which nobody may set.
OLD = {"renamed", "retired"}
NUMBERS = {"_number", "_size"}


def read_variables() -> dict[str, str]:
    """Name and type (`int`, `address`, …; `env` for a plain text)."""
    return {name: kind for name, kind in named().items() if kind not in OLD}


def old_names() -> set[str]:
    """Who sets one of these is told how it is called now, or what has become of it."""
    return {name for name, kind in named().items() if kind in OLD}


def named() -> dict[str, str]:
    """Every variable that is named where variables are read, with its type."""
    found = (calls(ast.parse(path.read_text())) for path in CONFIG.glob("*.py"))
    return {name: kind for each in found for name, kind in each if name.isupper()}


def calls(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """`env("X")`, `env.int("X")`, and budget's `_number("X", 1)` and `_size("X", 2)`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = ast.unparse(node.func)
            if name == "env" or name.startswith("env.") or name in NUMBERS:
                kind = "int" if name in NUMBERS else name.removeprefix("env.")
                yield str(node.args[0].value), kind
