"""No pattern of the product does more than its share of work for what an external service sends.

Growth is measured, not speed: four times the text may cost four times the work and some noise, but
not sixteen times. The work is this thread's CPU time, so other processes do not count.
"""

import ast
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.logs import redact
from deferral.text.redaction import MOST, SECRETS, storable
from tests.rig.depth import thorough

ROOT = Path(__file__).resolve().parents[3]
APPS = (
    "config", "notifications", "reports", "reviews", "contact", "webhooks", "shop", "orders",
    "accounts", "deferral", "sandbox",
)  # fmt: skip
SEARCHES = {"compile", "search", "match", "fullmatch", "sub", "findall", "split", "finditer"}
# Repeated, these lead every pattern of ours astray: words, digits, and what may stand between.
PUMPS = (
    "a-",
    "a.",
    "a",
    "1 ",
    "1-",
    "1",
    "4242 ",
    " ",
    "-",
    "a@",
    "@a.",
    "a.a@a-",
    "ß.",
    "\t ",
    "H-1",
)
ENDS = ("", "!", "@a", "@a.")
SHORT, TIMES, GREATEST = 2_500, 4, 10.0
# Seconds of CPU: what takes less for the long text has not grown (squared work takes 0.1 s).
TOO_QUICK_TO_TELL = 0.01


def patterns() -> Iterator[tuple[str, str]]:
    """Every pattern that is written down in the product, with its file."""
    for path in (path for app in APPS for path in (ROOT / app).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if text := written(node):
                yield path.relative_to(ROOT).as_posix(), text


def written(node: ast.AST) -> str:
    """Of `re.compile("…")` and its like, and of fields and validators that are given one."""
    if not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)):
        return ""
    value, name = node.args[0].value, ast.unparse(node.func)
    is_pattern = name.removeprefix("re.") in SEARCHES and name.startswith("re.")
    is_pattern |= name.rpartition(".")[2] in {"RegexField", "RegexValidator"}
    return value if is_pattern and isinstance(value, str) else ""


def growth(work: Callable[[str], object], pump: str, end: str) -> float:
    """How many times the work for four times the text. The least of some looks."""
    short = pump * (SHORT // len(pump)) + end
    long = pump * (SHORT * TIMES // len(pump)) + end
    if cost(work, long) < TOO_QUICK_TO_TELL:
        return 1.0
    return min(cost(work, long) for _ in range(3)) / min(cost(work, short) for _ in range(3))


def cost(work: Callable[[str], object], text: str) -> float:
    began = time.thread_time()
    work(text)
    return time.thread_time() - began


def worst(work: Callable[[str], object]) -> tuple[float, str]:
    return max((growth(work, pump, end), pump + end) for pump in PUMPS for end in ENDS)


@thorough
@pytest.mark.exhaustive
@pytest.mark.timeout(240)
def test_the_measure_tells_squared_work() -> None:
    squared = re.compile(r"\b(\w)[\w.+-]*@((?:[\w-]+\.)+\w+)")

    assert worst(lambda text: squared.search(text))[0] > GREATEST


@pytest.mark.parametrize(("where", "pattern"), sorted(set(patterns())))
def test_a_patterns_work_grows_as_its_text_does(where: str, pattern: str) -> None:
    compiled = re.compile(pattern)
    grown, text = worst(lambda text: sum(1 for _ in compiled.finditer(text)))

    assert grown < GREATEST, f"{where}: {pattern} on repeated {text!r}"


def test_all_that_redacts_is_among_them() -> None:
    found = {pattern for _where, pattern in patterns()}

    assert {pattern.pattern for pattern, _instead in SECRETS} <= found


def test_a_line_of_the_log_costs_no_more_for_a_longer_header() -> None:
    def logged(text: str) -> object:
        return redact(None, "", {"event": f"Invalid HTTP_HOST header: {text!r}", "request": text})

    assert worst(logged)[0] < GREATEST
    assert len(str(logged("a-" * 4_000))) < 3_000


@pytest.mark.parametrize(
    "secret",
    ["sk_live_abcdefgh", "4242 4242 4242 4242", "ada.lovelace@example.org", "Bearer abcdefgh"],
)
def test_no_half_of_a_secret_is_left_where_a_text_is_cut(secret: str) -> None:
    for place in range(1, len(secret)):
        kept = storable("x, " * 33 + secret + ", and more" * 9, most=99 + place)
        assert kept.replace(" [cut]", "") == "x, " * 32 + "x,"


def test_what_is_longer_than_anybody_reads_is_cut() -> None:
    assert storable("a," * MOST) == "a," * (MOST // 2) + " [cut]"
