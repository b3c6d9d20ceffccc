"""Whether the tests go red, and by what: a test that fails, not one that cannot even start."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

# Seconds. All tests that any mutant names, once through, on a machine with other work.
PATIENCE = 1_200.0
PYTEST = (sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "--timeout=90")


class NotATest(Exception):
    """pytest came to no verdict: an import, a fixture or a server failed."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`red` names the test that failed; "" when all passed."""

    red: str
    seconds: float


def judge(root: Path, tests: tuple[str, ...]) -> Verdict:
    """Run these tests in this copy. NotATest when neither green nor red is what it was."""
    report = root / "report.xml"
    report.unlink(missing_ok=True)
    began = time.monotonic()
    try:
        done = subprocess.run(  # noqa: S603  our own interpreter
            [*PYTEST, f"--junitxml={report}", *tests],
            cwd=root,
            env=os.environ | {"CI": "true"},  # at home not every death is tried
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NotATest(str(error)) from error
    seconds = time.monotonic() - began
    if done.returncode not in {0, 1} or not report.exists():
        raise NotATest(done.stdout[-2000:] + done.stderr[-2000:])
    return Verdict(_red(report) if done.returncode else "", seconds)


def _red(report: Path) -> str:
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314  pytest wrote it
        if case.find("failure") is not None:
            return f"{case.get('classname', '').rpartition('.')[2]}::{case.get('name')}"
    raise NotATest(report.read_text()[:2000])
