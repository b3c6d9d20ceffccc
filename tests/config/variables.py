"""Every variable that the settings read, found in the code that reads them."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

CONFIG = Path(__file__).resolve().parents[2] / "config"
NUMBERS = ("PROCESSES", "REPLICAS")
RENAMED = "renamed"  # an old name, which nobody may set


def read_variables() -> dict[str, str]:
    """Name and type (`int`, `address`, …; `env` for a plain text)."""
    found = dict(
        each for path in CONFIG.glob("*.py") for each in calls(ast.parse(path.read_text()))
    )
    queues = {
        f"{queue.upper()}_{what}": "int" for queue in settings.DEFERRAL_QUEUES for what in NUMBERS
    }
    return {
        name: kind for name, kind in (found | queues).items() if name.isupper() and kind != RENAMED
    }


def calls(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """`env("X")`, `env.int("X")`, and budget's `_number("X", 1)`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = ast.unparse(node.func)
            if name == "env" or name.startswith("env.") or name == "_number":
                kind = "int" if name == "_number" else name.removeprefix("env.")
                yield str(node.args[0].value), kind
