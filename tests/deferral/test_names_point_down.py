"""No app names a task, address, permission, template or module of an app above or beside it."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deferral.test_architecture import APPS, FILES, ROOT, named

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
[LAYERS] = [
    [layer.split(" | ") for layer in contract["layers"]]
    for contract in CONTRACTS["contracts"]
    if contract["name"] == "Imports point down only"
]

TEMPLATES = [path for app in APPS for path in sorted((ROOT / app / "templates").rglob("*.*"))]
# `{% url "app:name" %}`, `{% include "app/x.html" %}`, `{% static "app/x.css" %}`: in quotes; and
# `perms.app.x`, without.
QUOTED = re.compile(r"""["']([^"'\s]+)["']""")
PERMS = re.compile(r"\bperms\.(\w+)")


def unknown_to(app: str) -> list[str]:
    """The apps above it, and those beside it."""
    [level] = [number for number, layer in enumerate(LAYERS) if app in layer]
    return [other for layer in LAYERS[: level + 1] for other in layer if other != app]


def names(text: str, apps: list[str]) -> bool:
    """Whether a string is a name out of one of these apps: `app.task`, `app:page`, `app/file`,
    `admin:app_model_change`.
    """
    owner = rf"(?:{'|'.join(apps)})"
    return bool(apps) and bool(re.match(rf"/?(?:admin:{owner}_|(?:admin/)?{owner}[.:/]\S*$)", text))


def docstrings(tree: ast.AST) -> set[int]:
    """The nodes of strings that are nobody's value."""
    found = (node.value for node in ast.walk(tree) if isinstance(node, ast.Expr))
    return {id(value) for value in found if isinstance(value, ast.Constant)}


def strings(source: str) -> Iterator[str]:
    """Every string that the code uses, those within an f-string too."""
    tree = ast.parse(source)
    said = docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value


def mentioned(template: str) -> Iterator[str]:
    """Every name in a template."""
    yield from QUOTED.findall(template)
    yield from (f"{app}." for app in PERMS.findall(template))


def upward(path: Path) -> list[str]:
    """What the file names that stands above it."""
    read = strings if path.suffix == ".py" else mentioned
    others = unknown_to(path.relative_to(ROOT).parts[0])
    return [text for text in read(path.read_text()) if names(text, others)]


def test_every_app_has_its_layer() -> None:
    assert sorted(APPS) == sorted(app for layer in LAYERS for app in layer)


def test_names_point_down() -> None:
    found = {named(path): names for path in [*FILES, *TEMPLATES] if (names := upward(path))}

    assert found == {}


@pytest.mark.parametrize(
    "source",
    [
        'WEBHOOK = "reports.deliver"',
        'reverse("admin:reports_document_change")',
        'reverse("reports:document")',
        'f"reports.{verb}_document"',
        'render(request, "admin/reports/page.html")',
        'user.has_perm("reports.view_document")',
        'import_module("reports.views")',
    ],
)
def test_a_name_in_code_is_recognised(source: str) -> None:
    assert any(names(text, ["reports"]) for text in strings(source))


@pytest.mark.parametrize(
    "template",
    [
        '{% url "reports:document" 1 %}',
        "{% url 'admin:reports_document_changelist' %}",
        '{% include "reports/_x.html" %}',
        "{% if perms.reports.view_document %}",
    ],
)
def test_a_name_in_a_template_is_recognised(template: str) -> None:
    assert any(names(text, ["reports"]) for text in mentioned(template))


@pytest.mark.parametrize(
    "source",
    ['"""As `reports.views` says."""', '"The reports. All of them"', '"orders.order_paid"'],
)
def test_prose_and_what_stands_below_are_no_such_names(source: str) -> None:
    assert not any(names(text, ["reports"]) for text in strings(source))
