"""The Chromium of the journeys: one that is here already. Nothing is downloaded.

`python -m tests.journeys.chromium` prints the one that would be used, or says how to get one.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from playwright._impl._driver import compute_driver_executable

ROOT = Path(__file__).resolve().parents[2]
ON_PATH = ("chromium", "chromium-browser", "google-chrome")
# Where `playwright install chromium` puts them, from the folder of its cache on.
CACHED = ("chromium-*/chrome-linux*/chrome", "chromium_headless_shell-*/*/*headless*shell")
# The npm package carries a compressed browser, and unpacks it when it is asked for its path.
UNPACK = "import('@sparticuz/chromium').then(m => m.default.executablePath()).then(console.log)"
MISSING = (
    "The journeys need a Chromium: `apt-get install chromium`, or set CHROMIUM to one, or "
    "`npm install --no-save @sparticuz/chromium`, or `.venv/bin/playwright install chromium`."
)


class NoChromium(Exception):
    """The message says what to do about it."""


def find_chromium(environ: Mapping[str, str], root: Path = ROOT) -> str:
    """The path of the first there is: CHROMIUM, PATH, Playwright's cache, npm's. NoChromium."""
    if named := environ.get("CHROMIUM"):
        if found := shutil.which(named, path=environ.get("PATH", "")):
            return found
        message = f"CHROMIUM is {named}, and that is no program."
        raise NoChromium(message)
    ways: tuple[Callable[[], Iterator[str]], ...] = (
        lambda: on_path(environ),
        lambda: cached(environ),
        lambda: from_npm(root),
    )
    for way in ways:
        for found in way():
            return found
    raise NoChromium(MISSING)


def on_path(environ: Mapping[str, str]) -> Iterator[str]:
    """What the machine has installed."""
    found = (shutil.which(name, path=environ.get("PATH", "")) for name in ON_PATH)
    return filter(None, found)


def cached(environ: Mapping[str, str]) -> Iterator[str]:
    """What Playwright has downloaded once."""
    default = Path(environ.get("HOME", "/")) / ".cache" / "ms-playwright"
    folder = Path(environ.get("PLAYWRIGHT_BROWSERS_PATH") or default)
    return (str(path) for pattern in CACHED for path in sorted(folder.glob(pattern)))


def from_npm(root: Path) -> Iterator[str]:
    """What the package unpacks, with the Node that Playwright brings along."""
    if (root / "node_modules" / "@sparticuz" / "chromium").is_dir():
        node, _ = compute_driver_executable()
        asked = subprocess.run(  # noqa: S603  Playwright's own program
            [node, "-e", UNPACK], cwd=root, check=True, capture_output=True, text=True, timeout=60
        )
        yield asked.stdout.strip()


def chromium_or_skip(environ: Mapping[str, str], root: Path = ROOT) -> str:
    """The path; without one a laptop skips the journeys, and CI fails: there they must be run."""
    try:
        return find_chromium(environ, root)
    except NoChromium as missing:
        if environ.get("CI") == "true" or environ.get("CHROMIUM"):
            pytest.fail(str(missing), pytrace=False)
        pytest.skip(str(missing))


def main() -> int:
    """For shell scripts."""
    try:
        sys.stdout.write(f"{find_chromium(os.environ)}\n")
    except NoChromium as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
