"""Which browser is taken, and what happens when there is none."""

from pathlib import Path

import pytest

from tests.journeys.chromium import MISSING, NoChromium, chromium_or_skip, find_chromium

Here = dict[str, str]


@pytest.fixture
def here(tmp_path: Path) -> Here:
    """A machine without any browser."""
    return {"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path / "home")}


def program(path: Path) -> str:
    """Something that can be run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o755)
    return str(path)


def package(root: Path) -> None:
    """A package as npm leaves it, that unpacks nothing."""
    folder = root / "node_modules" / "@sparticuz" / "chromium"
    folder.mkdir(parents=True)
    (folder / "index.js").write_text("exports.executablePath = async () => '/unpacked'\n")


def test_the_one_that_was_named_comes_first(here: Here, tmp_path: Path) -> None:
    program(tmp_path / "bin" / "chromium")
    named = program(tmp_path / "mine")

    assert find_chromium(here | {"CHROMIUM": named}) == named


@pytest.mark.parametrize("ci", ["true", ""])
def test_one_that_was_named_and_is_not_there_is_a_mistake(here: Here, ci: str) -> None:
    with pytest.raises(pytest.fail.Exception, match="CHROMIUM is /nowhere"):
        chromium_or_skip(here | {"CHROMIUM": "/nowhere", "CI": ci})


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_then_one_on_the_path(here: Here, tmp_path: Path, name: str) -> None:
    program(tmp_path / "home/.cache/ms-playwright/chromium-1200/chrome-linux/chrome")
    installed = program(tmp_path / "bin" / name)

    assert find_chromium(here) == installed


@pytest.mark.parametrize(
    "place",
    [
        "chromium-1200/chrome-linux64/chrome",
        "chromium_headless_shell-1200/chrome-linux/headless_shell",
        "chromium_headless_shell-1200/chrome-headless-shell-linux64/chrome-headless-shell",
    ],
)
def test_then_one_that_playwright_has_fetched(here: Here, tmp_path: Path, place: str) -> None:
    package(tmp_path)
    fetched = program(tmp_path / "home/.cache/ms-playwright" / place)
    elsewhere = program(tmp_path / "elsewhere" / place)

    assert find_chromium(here, tmp_path) == fetched
    moved = here | {"PLAYWRIGHT_BROWSERS_PATH": str(tmp_path / "elsewhere")}
    assert find_chromium(moved, tmp_path) == elsewhere


def test_then_the_one_that_npm_brought(here: Here, tmp_path: Path) -> None:
    package(tmp_path)

    assert find_chromium(here, tmp_path) == "/unpacked"


def test_without_any_the_reason_says_how_to_get_one(here: Here, tmp_path: Path) -> None:
    with pytest.raises(NoChromium, match="apt-get install chromium") as reason:
        find_chromium(here, tmp_path)

    assert "\n" not in str(reason.value)


def test_without_any_a_laptop_skips(here: Here, tmp_path: Path) -> None:
    with pytest.raises(pytest.skip.Exception) as skipped:
        chromium_or_skip(here, tmp_path)

    assert str(skipped.value) == MISSING


def test_without_any_ci_fails(here: Here, tmp_path: Path) -> None:
    with pytest.raises(pytest.fail.Exception, match="The journeys need a Chromium"):
        chromium_or_skip(here | {"CI": "true"}, tmp_path)
