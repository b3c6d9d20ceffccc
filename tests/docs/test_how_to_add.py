"""CONTRIBUTING.md says which files a new queue, task, … is named in: those that name today's."""

import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from deferral import registry
from shop import urls
from tests.config.variables import read_variables
from tests.proofs.mutants.copying import TRACKED

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "CONTRIBUTING.md").read_text()
LISTS = dict(re.findall(r"^### (An? .*)\n\n((?:.|\n)*?)(?=^##)", PAGE, re.MULTILINE))
LINE = re.compile(r"^- (?P<condition>if .*?: )?`(?P<path>[^`]+)`", re.MULTILINE)


@dataclass(frozen=True)
class Thing:
    """One that exists, and the app whose it is."""

    name: str
    app: str = ""

    def is_named_in(self, path: str) -> bool:
        """In a file, or in any of a folder's. `print room` may be `print-room` or `PRINT_ROOM`."""
        place = ROOT / path.replace("APP", self.app)
        place = place if place.exists() else place.with_suffix("")  # a module that became a folder
        files = [place] if place.is_file() else sorted(place.rglob("*.*"))
        name = plain(self.name)
        return any(name in words(file) and re.search(rf"\b{name}\b", words(file)) for file in files)


@cache
def words(file: Path) -> str:
    return plain(file.read_text(errors="replace"))


def plain(text: str) -> str:
    """In small letters, and nothing joins its words."""
    return text.lower().translate({ord(sign): " " for sign in "_-"})


def queues() -> set[Thing]:
    return {Thing(name) for name in registry.queues()}


def tasks() -> set[Thing]:
    functions = [spec.function for spec in registry.TASKS.values()]
    found = {Thing(one.__name__, one.__module__.partition(".")[0]) for one in functions}
    return {thing for thing in found if thing.app in set(settings.INSTALLED_APPS) - {"deferral"}}


def external_services() -> set[Thing]:
    """Those whose address is a setting: not endpoints, which are rows, nor mail and cards."""
    kinds = read_variables()
    told = [(spec.service, spec.name.partition(".")[0]) for spec in registry.TASKS.values()]
    return {Thing(*one) for one in told if kinds.get(f"{variable(one[0])}_URL") == "address"}


def variable(name: str) -> str:
    return name.upper().replace(" ", "_")


def pages() -> set[Thing]:
    return {Thing(page.name, "shop") for page in urls.urlpatterns if page.name}


KINDS: dict[str, Callable[[], set[Thing]]] = {
    "A queue": queues,
    "A task": tasks,
    "An external service": external_services,
    "A page": pages,
}


def test_each_list_is_of_a_kind_that_exists() -> None:
    assert set(LISTS) == set(KINDS)
    assert all(len(kind()) > 3 for kind in KINDS.values())


@pytest.mark.parametrize("kind", KINDS)
def test_each_file_of_a_list_names_all_that_exist(kind: str) -> None:
    there = KINDS[kind]()
    for condition, path in LINE.findall(LISTS[kind]):
        missing = {thing for thing in there if not thing.is_named_in(path)}

        assert missing != there, f"{path} names none of what CONTRIBUTING.md says it does"
        assert condition or not missing, f"{path} does not name {missing}"


@pytest.mark.parametrize("kind", ["A queue", "An external service"])
def test_no_file_that_names_all_is_left_out(kind: str) -> None:
    listed = {path for _, path in LINE.findall(LISTS[kind])}
    there = KINDS[kind]()
    complete = {path for path in configuring() if all(thing.is_named_in(path) for thing in there)}

    assert complete - listed == set()


def configuring() -> set[str]:
    """Files that could have a line for each: no tests, no pages, not the tasks themselves."""
    tracked = subprocess.check_output(TRACKED, cwd=ROOT, text=True).split("\0")  # noqa: S603  git
    return {
        path
        for path in tracked
        if path.endswith((".py", ".yml", ".env", ".example", ".toml"))
        and not path.startswith("tests/")
        and not path.endswith("/tasks.py")
        and (ROOT / path).is_file()
    }


def test_the_kinds_of_names_are_told_apart() -> None:
    assert Thing("print room").is_named_in("docs/settings.md")
    assert Thing("send_confirmation", "notifications").is_named_in("APP/tasks.py")
    assert not Thing("confirm", "notifications").is_named_in("APP/tasks.py")
